package dev.hubbub.cluster;

import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import java.util.concurrent.CompletionStage;

/**
 * What was decided against users and holds on every node: credentials that are void, rooms that somebody is banned
 * from, and who is to go out of a room now. Asked at every handshake, join and publish, so every node has all of it in memory. Thread-safe; never blocks.
 */
public interface Sanctions {
    /** So many are kept; more fail with {@link Unavailable#tooManySanctions}. The last tenth is for revocations alone. */
    int MOST = 1_000_000;

    /**
     * Whether credentials of a user are void.
     *
     * @param issuedAt in ms since the epoch; tokens count seconds, so one of the second of the revocation is void too
     */
    boolean isRevoked(UserId user, long issuedAt);

    boolean isBanned(RoomName room, UserId user);

    /** Hears of whoever is to go out of a room on this node, in whichever thread found out; must not block. */
    interface Remover {
        /** @param reason {@code kicked}, or {@code banned} once the ban holds on this node */
        void remove(RoomName room, UserId user, String reason);
    }

    void onRemove(Remover remover);

    /** Voids every credential of a user that was issued before now, until none of them can be good any more. */
    CompletionStage<?> revoke(UserId user);

    /**
     * Takes a user out of a room on every node, for this once. A node that cannot be told now is told when it can be, for
     * two minutes.
     */
    CompletionStage<?> kick(RoomName room, UserId user);

    /**
     * Bans a user from a room for so many ms; 0 lifts the ban. Completes with false, and nothing is done, where as many
     * others are banned from the room as may be ({@code hubbub.limits.bans-per-room}, over all nodes).
     */
    CompletionStage<Boolean> ban(RoomName room, UserId user, long forMs);
}
