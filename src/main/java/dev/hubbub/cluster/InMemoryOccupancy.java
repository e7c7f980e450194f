package dev.hubbub.cluster;

import dev.hubbub.protocol.RoomName;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Which rooms a single node has connections in: what it says is so at once. */
@Singleton
public class InMemoryOccupancy implements Occupancy {
    private final Set<RoomName> occupied = ConcurrentHashMap.newKeySet();
    private final AtomicLong changes = new AtomicLong();
    private final Clock clock;
    /** Changes are told apart from those of an earlier process by when this one began. */
    private final String prefix;

    private volatile Listener listener = (room, occupied, id, at) -> {};

    @Inject
    public InMemoryOccupancy(Clock clock) {
        this.clock = clock;
        prefix = Long.toString(clock.millis(), Character.MAX_RADIX) + "-";
    }

    @Override
    public void listen(Listener other) {
        listener = other;
    }

    @Override
    public void occupy(RoomName room) {
        if (occupied.add(room)) {
            tell(room, true);
        }
    }

    @Override
    public void vacate(RoomName room) {
        if (occupied.remove(room)) {
            tell(room, false);
        }
    }

    private void tell(RoomName room, boolean is) {
        String id = prefix + Long.toString(changes.incrementAndGet(), Character.MAX_RADIX);
        listener.changed(room, is, id, clock.millis());
    }

    @Override
    public CompletionStage<?> settled() {
        return CompletableFuture.completedFuture(null);
    }
}
