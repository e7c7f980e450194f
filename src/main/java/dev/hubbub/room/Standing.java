package dev.hubbub.room;

import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.Place;
import org.jspecify.annotations.Nullable;

/**
 * Where a join puts a subscription in the log.
 *
 * @param seq it is given everything after this
 * @param recovered null where no place was asked for
 * @param reset why what was missed cannot be replayed; null where it can
 */
record Standing(
        Place head,
        long seq,
        @Nullable Boolean recovered,
        @Nullable String reset) {

    /** @param notBefore what is older is as good as trimmed, in ms since the epoch */
    static Standing of(Room room, @Nullable Place since, int replay, long notBefore) {
        RoomLog.Extent kept = room.log().extent();
        Place head = kept.head();
        long first = notBefore == 0
                ? kept.first()
                : Math.max(kept.first(), room.log().firstAt(notBefore));
        if (since == null) {
            long oldest = Math.min(first - 1, head.seq()); // one that came meanwhile is no part of what is replayed
            return new Standing(head, Math.max(oldest, head.seq() - replay), null, null);
        }
        String reset = !since.epoch().equals(head.epoch())
                ? "epoch"
                : since.seq() > head.seq() ? "ahead" : since.seq() + 1 < first ? "trimmed" : null;
        return new Standing(head, reset == null ? since.seq() : head.seq(), reset == null, reset);
    }

    /** For a place that nobody can read. */
    static Standing lost(Room room) {
        Place head = room.head();
        return new Standing(head, head.seq(), false, "cursor");
    }

    /** How many messages follow for a connection before the live ones. */
    long replayed(RoomLog log, ConnectionId self) {
        return head.seq() - seq - log.excluded(seq + 1, head.seq(), self);
    }
}
