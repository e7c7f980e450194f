package dev.hubbub.room;

import dev.hubbub.cluster.Message;
import dev.hubbub.cluster.RoomBus;
import dev.hubbub.protocol.Place;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Brings a room's log the older messages that the bus keeps and somebody asks for. At most one read is under way; all
 * who ask meanwhile share the next. Guarded by itself.
 */
final class Backfill {
    private final Room room;
    private final RoomBus bus;
    private @Nullable CompletableFuture<@Nullable Void> reading;
    /** The next read: where from, and who waits for it. */
    private @Nullable CompletableFuture<@Nullable Void> next;

    private long from;

    Backfill(Room room, RoomBus bus) {
        this.room = room;
        this.bus = bus;
    }

    /**
     * Has a room's log reach {@code place} where it can. Back to it by one read of the shared history at a time, which
     * serves all who wait for it; or forward, where somebody knows of more than this node has heard, or of another epoch.
     */
    static CompletionStage<@Nullable Void> reach(Room room, RoomBus bus, Place place) {
        Place head = room.head();
        boolean ahead = !place.epoch().equals(head.epoch()) || place.seq() > head.seq() + 1;
        return bus.keepsHistory() && ahead
                ? bus.refresh(room.name()).thenCompose(done -> reachBack(room, bus, place))
                : reachBack(room, bus, place);
    }

    private static CompletionStage<@Nullable Void> reachBack(Room room, RoomBus bus, Place place) {
        boolean needless = !bus.keepsHistory()
                || !place.epoch().equals(room.epoch())
                || !room.log().lacks(place.seq());
        return needless
                ? CompletableFuture.completedFuture(null)
                : room.backfill().reach(place.seq());
    }

    /** @return a stage that completes once the log has what is kept from the message {@code first} on */
    CompletionStage<@Nullable Void> reach(long first) {
        synchronized (this) {
            if (reading == null) {
                CompletableFuture<@Nullable Void> own = new CompletableFuture<>();
                reading = own;
                read(own, first);
                return own;
            }
            if (next == null) {
                next = new CompletableFuture<>();
                from = first;
            }
            from = Math.min(from, first);
            return next;
        }
    }

    private void read(CompletableFuture<@Nullable Void> done, long seq) {
        RoomLog.Extent held = room.log().held();
        Place start = new Place(held.head().epoch(), Math.max(1, seq));
        bus.read(room.name(), start, held.first())
                .thenAccept(older -> prepend(start, older))
                .whenComplete((read, failure) -> {
                    goOn();
                    if (failure == null) {
                        done.complete(null);
                    } else {
                        done.completeExceptionally(failure);
                    }
                });
    }

    private void prepend(Place start, List<Message> read) {
        List<RoomLog.Older> older = read.stream()
                .map(m -> new RoomLog.Older(
                        m.place().seq(), room.encoded(m), m.ts(), m.body().conflate(), m.exclude()))
                .toList();
        room.log().prepend(start, older);
    }

    private void goOn() {
        CompletableFuture<@Nullable Void> following;
        long start;
        synchronized (this) {
            following = next;
            start = from;
            reading = following;
            next = null;
        }
        if (following != null) {
            read(following, start);
        }
    }
}
