package dev.hubbub.room;

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

    static Standing of(Room room, @Nullable Place since, int replay) {
        Place head = room.head();
        if (since == null) {
            long oldest = room.first() - 1;
            return new Standing(head, Math.max(oldest, head.seq() - replay), null, null);
        }
        String reset = !since.epoch().equals(head.epoch())
                ? "epoch"
                : since.seq() > head.seq() ? "ahead" : since.seq() + 1 < room.first() ? "trimmed" : null;
        return new Standing(head, reset == null ? since.seq() : head.seq(), reset == null, reset);
    }

    /** For a place that nobody can read. */
    static Standing lost(Room room) {
        return new Standing(room.head(), room.head().seq(), false, "cursor");
    }

    /** How many messages follow before the live ones. */
    long replayed() {
        return head.seq() - seq;
    }
}
