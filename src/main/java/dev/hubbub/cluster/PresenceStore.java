package dev.hubbub.cluster;

import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.Member;
import dev.hubbub.protocol.RawJson;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Who is in which room: users, each with its connections. {@code rev} of a room grows by one with each change. A user
 * whose last connection is gone stays a member for the grace period. Thread-safe; never blocks its caller on I/O.
 */
public interface PresenceStore {
    /** Hears every change of the rooms of this node, each room's in the order of {@code rev}. */
    interface Listener {
        void onChange(RoomName room, PresenceChange change);
    }

    /** One connection of a user. */
    record Presence(
            ConnectionId conn, UserId user, @Nullable String name) {}

    /** A part of a room's members, ordered by user, as of {@code rev}; {@code next} is null on the last page. */
    record Page(
            List<Member> members,
            int count,
            long rev,
            @Nullable UserId next) {}

    void listen(Listener listener);

    /** Lists a connection in a room, which may be there already. The status stays as it was where it is null. */
    CompletionStage<Long> enter(RoomName room, Presence presence, @Nullable RawJson status);

    /**
     * Takes a connection out.
     *
     * @param atOnce without the grace period
     */
    void leave(RoomName room, ConnectionId conn, UserId user, boolean atOnce);

    /** Sets a member's status; false where the user is no member. */
    CompletionStage<Boolean> update(RoomName room, UserId user, RawJson status);

    CompletionStage<Page> list(RoomName room, @Nullable UserId after, int limit);

    /** This node has no more to do with a room. */
    void forget(RoomName room);

    /** Lets go those whose grace period is over. */
    void tick();
}
