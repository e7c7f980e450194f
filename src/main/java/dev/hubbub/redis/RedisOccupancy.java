package dev.hubbub.redis;

import dev.hubbub.cluster.Occupancy;
import dev.hubbub.protocol.RoomName;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which rooms are occupied, over all nodes: each room has the set of incarnations with connections in it, and whoever adds
 * the first or takes off the last tells of it. A room is held as long as something of this node is, or may be, listed,
 * so that the sweeper finds it. Thread-safe; nothing blocks.
 */
@Singleton
public final class RedisOccupancy implements Occupancy {
    private static final Logger LOG = LoggerFactory.getLogger(RedisOccupancy.class);
    /** What Redis keeps of a room expires after a day: it is stated again well before. */
    private static final long RESTATE_MS = TimeUnit.HOURS.toMillis(6);
    /** When what failed is stated again. */
    private static final long REPAIR_MS = 30_000;

    private static final int ABREAST = 32;
    private static final Script OCCUPY = Script.of("occupy");
    private static final Script VACATE = Script.of("vacate");
    private static final Script VACATED = Script.of("vacated");

    /** This node in one room. Guarded by the map's entry. */
    private static final class Own {
        private final Turns turns = new Turns();
        private boolean here;
        /** Of the last change, which may have been done although it failed: it is told by the same id then. */
        private String id = "";
        /** Redis has it that this node is here. */
        private boolean known;

        private int commands;
        /** It is not known what Redis has. */
        private boolean doubtful;
    }

    private final ConcurrentHashMap<RoomName, Own> rooms = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();
    private final RedisLink link;
    private final Lease lease;
    private final Held held;
    private final String prefix = Ids.secret(9) + "-";
    private volatile Listener listener = (room, occupied, id, at) -> {};

    @Inject
    public RedisOccupancy(RedisLink link, Lease lease, Held held) {
        this.link = link;
        this.lease = lease;
        this.held = held;
        link.every(REPAIR_MS, this::repair);
        link.every(RESTATE_MS, () -> {
            var unused = restate();
        });
    }

    @Override
    public void listen(Listener other) {
        listener = other;
    }

    @Override
    public void occupy(RoomName room) {
        state(room, true);
    }

    @Override
    public void vacate(RoomName room) {
        state(room, false);
    }

    private void state(RoomName room, boolean here) {
        String id = id();
        var unused = command(
                room,
                own -> {
                    own.here = here;
                    own.id = id;
                },
                incarnation -> run(room, here, incarnation, id, false));
    }

    private String id() {
        return prefix + Long.toString(ids.incrementAndGet(), Character.MAX_RADIX);
    }

    private CompletableFuture<Boolean> run(RoomName room, boolean here, String incarnation, String id, boolean again) {
        List<String> keys = List.of(Keyspace.occupancy(room));
        return link.run(here ? OCCUPY : VACATE, keys, incarnation, id, again ? "1" : "0")
                .thenApply(reply -> {
                    rooms.computeIfPresent(room, (name, own) -> {
                        own.known = here;
                        own.doubtful = false;
                        return own;
                    });
                    boolean changed = RedisLink.text(reply.get(0)).equals("1");
                    if (changed) {
                        listener.changed(room, here, id, Long.parseLong(RedisLink.text(reply.get(1))));
                    }
                    return changed;
                });
    }

    /** @param again it was told before */
    private record Stated(boolean here, String id, boolean again) {}

    /** A change to what this node has in a room, which it is known to have something in until there is nothing more. */
    private interface Change {
        void to(Own own);
    }

    /** Runs a command about a room in its turn. */
    private CompletableFuture<?> command(
            RoomName room, Change change, Function<String, CompletableFuture<Boolean>> command) {
        Own mine = rooms.compute(room, (name, before) -> {
            Own own = before;
            if (own == null) {
                own = new Own();
                var unused = held.hold(Keyspace.OCCUPIED + name);
            }
            own.commands++;
            change.to(own);
            return own;
        });
        return mine.turns
                .then(() -> held.held(Keyspace.OCCUPIED + room).thenCompose(command))
                .whenComplete((done, failure) -> ended(room, failure));
    }

    private void ended(RoomName room, @Nullable Throwable failure) {
        if (failure != null) {
            LOG.debug("a command about who is in {} failed", room, failure);
        }
        rooms.computeIfPresent(room, (name, own) -> {
            own.commands--;
            own.doubtful |= failure != null;
            if (own.commands > 0 || own.doubtful || own.here) {
                return own;
            }
            held.release(Keyspace.OCCUPIED + name);
            return null;
        });
    }

    /** States everything again, as under another incarnation. */
    CompletableFuture<?> restate() {
        return Abreast.each(link, List.copyOf(rooms.keySet()), ABREAST, this::restate);
    }

    /** What failed is done now, or when Redis is back. */
    private void repair() {
        if (link.isHere() && lease.isGranted()) {
            List<RoomName> doubtful =
                    rooms.keySet().stream().filter(this::isDoubtful).toList();
            var unused = Abreast.each(link, doubtful, ABREAST, this::restate);
        }
    }

    private boolean isDoubtful(RoomName room) {
        boolean[] is = {false};
        rooms.computeIfPresent(room, (name, own) -> {
            is[0] = own.doubtful;
            return own;
        });
        return is[0];
    }

    private CompletableFuture<?> restate(RoomName room) {
        return command(room, own -> {}, incarnation -> {
            AtomicReference<@Nullable Stated> found = new AtomicReference<>();
            rooms.computeIfPresent(room, (name, own) -> {
                boolean again = own.here && own.known;
                found.set(new Stated(own.here, again ? id() : own.id, again));
                return own;
            });
            Stated is = found.get();
            return is == null
                    ? CompletableFuture.completedFuture(false)
                    : run(room, is.here(), incarnation, is.id(), is.again());
        });
    }

    /**
     * A dead incarnation has nobody in a room any more. Where it was the last the id is the same for whoever sweeps, and
     * what is told is noted: a sweeper may die in between, and each incarnation is swept twice.
     */
    CompletableFuture<?> evict(RoomName room, String incarnation) {
        String id = incarnation + "." + room;
        List<String> keys = List.of(Keyspace.occupancy(room));
        return link.run(VACATE, keys, incarnation, id).thenCompose(reply -> {
            if (!RedisLink.text(reply.get(0)).equals("1")) {
                return CompletableFuture.completedFuture(null);
            }
            listener.changed(room, false, id, Long.parseLong(RedisLink.text(reply.get(1))));
            return link.run(VACATED, keys, id);
        });
    }

    @Override
    public CompletionStage<?> settled() {
        return CompletableFuture.allOf(rooms.values().stream()
                .map(own -> own.turns.then(() -> CompletableFuture.completedFuture(null)))
                .toArray(CompletableFuture[]::new));
    }

    boolean isKnown(RoomName room) {
        return rooms.containsKey(room);
    }
}
