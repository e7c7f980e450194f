package dev.hubbub.cluster;

import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The rooms in which users stay until they leave, whatever becomes of their connections. Thread-safe; never blocks.
 * Stages fail with {@link Unavailable} where nothing was done, or nobody knows whether it was: each call may be made
 * again.
 */
public interface PermanentRooms {
    /**
     * Makes a user a member, if the user was none.
     *
     * @param most rooms that one user may be in
     * @return false where the user is in so many others
     */
    CompletionStage<Boolean> enter(UserId user, RoomName room, int most);

    /** Ends a membership, if there is one. */
    CompletionStage<?> leave(UserId user, RoomName room);

    /** The rooms of a user, in the order of their names. */
    CompletionStage<List<RoomName>> of(UserId user);
}
