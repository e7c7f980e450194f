package dev.hubbub.room;

import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.Encoded;
import org.jspecify.annotations.Nullable;

/** The latest ephemeral messages of a room, for those who take them in time. Guarded by itself. */
final class EphemeralRing {
    private static final int KEPT = 64;
    private static final long LIFE_MS = 5_000;

    record Item(
            long number, long ts, Encoded frame, @Nullable ConnectionId exclude) {}

    private final @Nullable Item[] items = new @Nullable Item[KEPT];
    private long next;

    synchronized void add(Encoded frame, long ts, @Nullable ConnectionId exclude) {
        items[(int) (next % KEPT)] = new Item(next, ts, frame, exclude);
        next++;
    }

    /** The number that the next one gets. */
    synchronized long next() {
        return next;
    }

    /** The oldest from {@code number} on that is still there and still worth telling; null where there is none. */
    synchronized @Nullable Item from(long number, long now) {
        for (long at = Math.max(number, next - KEPT); at < next; at++) {
            Item item = items[(int) (at % KEPT)];
            if (item != null && now - item.ts <= LIFE_MS) {
                return item;
            }
        }
        return null;
    }
}
