package dev.hubbub.dispatch;

import dev.hubbub.config.Settings;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.room.RoomSubscription;
import dev.hubbub.session.Session;
import dev.hubbub.session.Sessions;
import dev.hubbub.session.Source;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the order of what one connection asks about one room while a part of it waits for the bus. There is nothing here
 * for whatever is done at once. Each line is added to by its connection's reading thread alone.
 */
@Singleton
public final class Lines {
    /** What is asked about a room, as far as it matters to what comes behind it. */
    enum Kind {
        /** Of several the bus keeps the order: one may start while only others are under way. */
        PUBLISH,
        /** It may lead to another room of the connection's. */
        JOIN,
        OTHER
    }

    private record Line(CompletableFuture<@Nullable Void> last, Set<Kind> kinds) {
        boolean publishesOnly() {
            return kinds.equals(Set.of(Kind.PUBLISH));
        }

        Set<Kind> kindsWith(Kind other) {
            Set<Kind> all = EnumSet.of(other);
            all.addAll(kinds);
            return all;
        }
    }

    /** Of each connection that waits for something; the inner maps do not change. */
    private final ConcurrentHashMap<ConnectionId, Map<RoomName, Line>> lines = new ConcurrentHashMap<>();

    /** How much of each connection's has not begun, since something else is to be done before. */
    private final ConcurrentHashMap<ConnectionId, Integer> waiting = new ConcurrentHashMap<>();

    private final Sessions sessions;
    private final int mostWaiting;

    @Inject
    public Lines(Sessions sessions, Settings settings) {
        this.sessions = sessions;
        this.mostWaiting = settings.limits.waitingRequests();
    }

    /** Does something once all that was asked before is done; false where too much waits already, and it is not done. */
    boolean next(ConnectionId conn, RoomName room, Kind kind, Supplier<CompletionStage<?>> what) {
        Line before = of(conn).get(room);
        Line first = before == null || (kind == Kind.PUBLISH && before.publishesOnly()) ? null : before;
        if (first != null && waiting.getOrDefault(conn, 0) >= mostWaiting) {
            return false;
        }
        CompletionStage<?> done = first == null ? what.get() : behind(conn, first, what);
        CompletableFuture<?> future = done.toCompletableFuture();
        if (before == null && future.isDone()) {
            return true;
        }
        CompletableFuture<@Nullable Void> ended = future.handle((result, failure) -> null);
        CompletableFuture<@Nullable Void> last = before == null
                ? ended
                : CompletableFuture.allOf(before.last, ended).thenApply(all -> null);
        Line line = new Line(last, before == null ? Set.of(kind) : before.kindsWith(kind));
        lines.compute(conn, (c, own) -> with(own, room, line));
        var unused = last.whenComplete((result, failure) -> {
            lines.computeIfPresent(conn, (c, own) -> without(own, room, line));
            sessions.kick(); // whoever asked has gone on long ago
        });
        return true;
    }

    private CompletionStage<?> behind(ConnectionId conn, Line before, Supplier<CompletionStage<?>> what) {
        waiting.merge(conn, 1, Integer::sum);
        return before.last.thenCompose(done -> {
            waiting.computeIfPresent(conn, (c, all) -> all > 1 ? all - 1 : null);
            return what.get();
        });
    }

    /** Rooms that a connection may be about to join. */
    Set<RoomName> joining(ConnectionId conn) {
        return of(conn).entrySet().stream()
                .filter(e -> e.getValue().kinds.contains(Kind.JOIN))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(HashSet::new));
    }

    /** How many rooms a session is in, or may be about to join, beside one and without users' own. */
    long roomsBeside(Session session, RoomName room) {
        Set<RoomName> rooms = joining(session.id());
        for (Source source : session.sources()) {
            if (source instanceof RoomSubscription subscription) {
                rooms.add(subscription.room().name());
            }
        }
        rooms.remove(room);
        return rooms.stream().filter(r -> !r.isUserRoom()).count();
    }

    private Map<RoomName, Line> of(ConnectionId conn) {
        return lines.getOrDefault(conn, Map.of());
    }

    /** Copies are made, so that whoever reads needs no lock; there are few. */
    private static Map<RoomName, Line> with(@Nullable Map<RoomName, Line> own, RoomName room, Line line) {
        Map<RoomName, Line> more = own == null ? new HashMap<>() : new HashMap<>(own);
        more.put(room, line);
        return more;
    }

    private static @Nullable Map<RoomName, Line> without(Map<RoomName, Line> own, RoomName room, Line line) {
        Map<RoomName, Line> less = new HashMap<>(own);
        less.remove(room, line);
        return less.isEmpty() ? null : less;
    }
}
