package dev.hubbub.room;

import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * The messages that a history was asked for: from {@code from} to {@code to}, both included; empty where {@code to} is
 * the smaller.
 *
 * @param truncated a part of what was asked for is kept no longer
 */
public record HistoryRange(Place head, long first, long from, long to, boolean truncated) {

    HistoryRange truncated(boolean isTruncated) {
        return new HistoryRange(head, first, from, to, isTruncated);
    }

    /** What is wrong with a question about {@code room}, or null. */
    static @Nullable Refusal refusal(Room room, @Nullable Place since, @Nullable Place before) {
        Place asked = since == null ? before : since;
        return asked == null || asked.epoch().equals(room.epoch())
                ? null
                : Refusal.of(ErrorCode.OUT_OF_RANGE, "the epoch is another one now: " + room.epoch());
    }

    /** The oldest place that is worth asking for. */
    static Place oldest(Room room, @Nullable Place since, @Nullable Place before, int limit) {
        if (since != null) {
            return new Place(since.epoch(), since.seq() + 1);
        }
        Place head = room.head();
        long to = before == null ? head.seq() : Math.min(head.seq(), before.seq() - 1);
        return new Place(head.epoch(), Math.max(1, to - limit + 1));
    }

    static HistoryRange of(Room room, @Nullable Place since, @Nullable Place before, int limit) {
        RoomLog.Extent kept = room.log().extent();
        Place head = kept.head();
        long first = kept.first();
        long from;
        long to;
        if (since != null) {
            from = since.seq() + 1;
            to = Math.min(head.seq(), Math.max(from, first) + limit - 1);
        } else {
            to = before == null ? head.seq() : Math.min(head.seq(), before.seq() - 1);
            from = Math.max(1, to - limit + 1);
        }
        return new HistoryRange(
                head, room.log().firstAnywhere(), Math.max(from, first), to, from < first && from <= to);
    }
}
