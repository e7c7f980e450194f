package dev.hubbub.cluster;

import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The rooms that each user is a member of for good, connected or not. Thread-safe; never blocks its caller on I/O. Stages
 * fail with {@link Unavailable} where what the nodes share cannot be reached.
 */
public interface PermanentRooms {
    /** What became of a user's wish to be a member. */
    enum Added {
        NEW,
        /** The user is a member already. */
        KNOWN,
        /** The user is a member of so many rooms already: nothing was done. */
        TOO_MANY
    }

    /** @param limit most rooms of one user */
    CompletionStage<Added> add(UserId user, RoomName room, int limit);

    /** Ends a membership; there may be none. */
    CompletionStage<?> remove(UserId user, RoomName room);

    /** A user's rooms, by name. */
    CompletionStage<List<RoomName>> of(UserId user);
}
