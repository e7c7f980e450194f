package dev.hubbub.redis;

import dev.hubbub.cluster.PresenceStore.Presence;
import dev.hubbub.cluster.Unavailable;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.RawJson;
import dev.hubbub.protocol.RoomName;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's connections in all rooms, and how they are listed in Redis. A room is held as long as something of this
 * node is, or may be, listed there. Thread-safe; nothing blocks.
 */
final class OwnMembers {
    private static final Logger LOG = LoggerFactory.getLogger(OwnMembers.class);

    private final ConcurrentHashMap<RoomName, OwnRoom> rooms = new ConcurrentHashMap<>();
    private final AtomicLong commands = new AtomicLong();
    private final PresenceScripts scripts;
    private final Held held;
    private final Departures departures;

    OwnMembers(PresenceScripts scripts, Held held, Departures departures) {
        this.scripts = scripts;
        this.held = held;
        this.departures = departures;
    }

    @Nullable
    OwnRoom find(RoomName room) {
        return rooms.get(room);
    }

    /** A room's Redis was away: the next audit looks whether it is as it was. */
    void doubt(RoomName room) {
        OwnRoom own = rooms.get(room);
        if (own != null) {
            own.failed();
        }
    }

    Collection<OwnRoom> rooms() {
        return List.copyOf(rooms.values());
    }

    /** Commands under way. */
    long commands() {
        return commands.get();
    }

    CompletableFuture<Long> enter(RoomName room, Presence presence, @Nullable RawJson status) {
        while (true) {
            OwnRoom own = rooms.computeIfAbsent(room, name -> {
                var unused = held.hold(name.value());
                return new OwnRoom(name);
            });
            OwnConnection conn = own.enter(presence, status);
            if (conn != null) {
                return enter(own, conn, status);
            }
            rooms.remove(room, own); // it has just ended
        }
    }

    private CompletableFuture<Long> enter(OwnRoom own, OwnConnection conn, @Nullable RawJson status) {
        commands.incrementAndGet();
        return conn.then(() ->
                        held.held(own.name().value()).thenCompose(incarnation -> enter(own, conn, status, incarnation)))
                .whenComplete((rev, failure) -> done(own, conn, failure));
    }

    private CompletableFuture<Long> enter(
            OwnRoom own, OwnConnection conn, @Nullable RawJson status, String incarnation) {
        PresenceScripts.Entry entry = own.entry(conn, status);
        if (entry == null) {
            return CompletableFuture.failedFuture(Unavailable.away()); // it has left meanwhile: nobody waits for this
        }
        return scripts.enter(own.name(), incarnation, conn.incarnation(incarnation), entry)
                .thenApply(entered -> {
                    own.heard(entered.rev());
                    own.heard(entered.member());
                    return entered.rev();
                });
    }

    /** States a connection again that Redis has not. */
    CompletableFuture<Long> restate(OwnConnection conn) {
        return enter(conn.room(), conn, null);
    }

    void leave(RoomName room, ConnectionId id, boolean atOnce) {
        OwnRoom own = rooms.get(room);
        OwnConnection conn = own == null ? null : own.leave(id);
        if (own == null || conn == null) {
            return;
        }
        commands.incrementAndGet();
        var unused = conn.then(() -> {
                    String incarnation = conn.incarnation();
                    return incarnation == null
                            ? CompletableFuture.completedFuture(-1L)
                            : scripts.leave(room, incarnation, id, atOnce);
                })
                .whenComplete((next, failure) -> left(own, conn, next, failure));
    }

    /** Takes a connection off that Redis lists and that is not here. */
    CompletableFuture<Long> unlist(OwnRoom own, String incarnation, ConnectionId id) {
        OwnConnection conn = own.listed(id);
        if (conn == null) {
            return CompletableFuture.completedFuture(-1L);
        }
        commands.incrementAndGet();
        return conn.then(() -> conn.presence() != null
                        ? CompletableFuture.completedFuture(-1L)
                        : scripts.leave(own.name(), incarnation, id, false))
                .whenComplete((next, failure) -> left(own, conn, next, failure));
    }

    private void left(OwnRoom own, OwnConnection conn, @Nullable Long next, @Nullable Throwable failure) {
        if (next != null) {
            departures.answer(own.name(), next);
        }
        done(own, conn, failure);
    }

    private void done(OwnRoom own, OwnConnection conn, @Nullable Throwable failure) {
        if (failure != null) {
            LOG.debug("what was asked of Redis about {} failed", own.name(), failure);
            own.failed();
        }
        conn.done();
        if (own.settle(conn)) {
            end(own);
        }
        commands.decrementAndGet();
    }

    /** An audit that began when so many commands had failed has seen to it that Redis has what this node has. */
    void audited(OwnRoom own, int failures) {
        own.audited(failures);
        if (own.settle()) {
            end(own);
        }
    }

    private void end(OwnRoom own) {
        rooms.remove(own.name(), own);
        held.release(own.name().value());
    }
}
