package dev.hubbub.cluster;

import dev.hubbub.cluster.PresenceChange.Kind;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.Member;
import dev.hubbub.protocol.RawJson;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Presence of a single node. A room's state is guarded by its own lock, under which listeners are called. */
@Singleton
public class InMemoryPresenceStore implements PresenceStore {
    /** Of all revisions: within a room's life they do not begin anew. */
    private static final String EPOCH = "-";

    /** Guarded by itself. */
    private static final class State {
        private final TreeMap<UserId, InMemoryMember> users = new TreeMap<>();
        private long rev;
        /** Nobody needs it once its last member has left. */
        private boolean forgotten;
    }

    private record Departure(long at, RoomName room, UserId user) {}

    private final ConcurrentHashMap<RoomName, State> rooms = new ConcurrentHashMap<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    /** Guarded by itself. The grace period is one for all, so the queue is nearly in order. */
    private final PriorityQueue<Departure> departures = new PriorityQueue<>((a, b) -> Long.compare(a.at, b.at));

    private final Clock clock;
    private final long graceMs;

    @Inject
    public InMemoryPresenceStore(Settings settings, Clock clock) {
        this.clock = clock;
        this.graceMs = settings.presence.graceMs();
    }

    @Override
    public void listen(Listener listener) {
        listeners.add(listener);
    }

    private long change(RoomName room, State state, Kind kind, Member member, long lastSeen) {
        long rev = ++state.rev;
        PresenceChange change =
                new PresenceChange(kind, EPOCH, rev, state.users.size(), member, lastSeen, clock.millis());
        listeners.forEach(l -> l.onChange(room, change));
        return rev;
    }

    @Override
    public CompletionStage<Long> enter(RoomName room, Presence presence, @Nullable RawJson status) {
        State state = rooms.computeIfAbsent(room, r -> new State());
        synchronized (state) {
            if (rooms.get(room) != state) {
                return enter(room, presence, status); // it was forgotten just now
            }
            state.forgotten = false;
            InMemoryMember entry = state.users.get(presence.user());
            boolean joined = entry == null;
            if (entry == null) {
                entry = new InMemoryMember(presence, clock.millis());
                state.users.put(presence.user(), entry);
            }
            entry.add(presence.conn());
            boolean updated = entry.take(status);
            if (joined || updated) {
                change(room, state, joined ? Kind.JOINED : Kind.UPDATED, entry.member(), 0);
            }
            return CompletableFuture.completedFuture(state.rev);
        }
    }

    @Override
    public void leave(RoomName room, ConnectionId conn, UserId user, boolean atOnce) {
        State state = rooms.get(room);
        if (state == null) {
            return;
        }
        synchronized (state) {
            InMemoryMember entry = state.users.get(user);
            if (entry == null || !entry.removeLast(conn)) {
                return;
            }
            if (atOnce || graceMs == 0) {
                remove(room, state, entry);
            } else {
                entry.leaveAt(clock.millis() + graceMs);
                synchronized (departures) {
                    departures.add(new Departure(entry.leavesAt(), room, user));
                }
            }
        }
    }

    private void remove(RoomName room, State state, InMemoryMember entry) {
        long lastSeen = entry.leavesAt() > 0 ? entry.leavesAt() - graceMs : clock.millis();
        state.users.remove(entry.member().user());
        change(room, state, Kind.LEFT, entry.member(), lastSeen);
        if (state.forgotten && state.users.isEmpty()) {
            rooms.remove(room, state);
        }
    }

    @Override
    public CompletionStage<Boolean> update(RoomName room, UserId user, RawJson status) {
        State state = rooms.get(room);
        if (state == null) {
            return CompletableFuture.completedFuture(false);
        }
        synchronized (state) {
            InMemoryMember entry = state.users.get(user);
            if (entry == null) {
                return CompletableFuture.completedFuture(false);
            }
            if (entry.take(status)) {
                change(room, state, Kind.UPDATED, entry.member(), 0);
            }
            return CompletableFuture.completedFuture(true);
        }
    }

    @Override
    public CompletionStage<Page> list(RoomName room, @Nullable UserId after, int limit) {
        State state = rooms.get(room);
        if (state == null) {
            return CompletableFuture.completedFuture(new Page(List.of(), 0, 0, null));
        }
        synchronized (state) {
            List<Member> members = new ArrayList<>(Math.min(limit, state.users.size()));
            boolean more = false;
            for (InMemoryMember entry : (after == null ? state.users : state.users.tailMap(after, false)).values()) {
                if (members.size() == limit) {
                    more = true;
                    break;
                }
                members.add(entry.member());
            }
            UserId next = more ? members.get(members.size() - 1).user() : null;
            return CompletableFuture.completedFuture(new Page(members, state.users.size(), state.rev, next));
        }
    }

    @Override
    public void tick() {
        long now = clock.millis();
        for (Departure due = due(now); due != null; due = due(now)) {
            depart(due);
        }
    }

    private @Nullable Departure due(long now) {
        synchronized (departures) {
            Departure first = departures.peek();
            return first == null || first.at > now ? null : departures.poll();
        }
    }

    private void depart(Departure due) {
        State state = rooms.get(due.room);
        if (state == null) {
            return;
        }
        synchronized (state) {
            InMemoryMember entry = state.users.get(due.user);
            if (entry != null && entry.leavesAt() == due.at) {
                remove(due.room, state, entry);
            }
        }
    }

    /** Forgets a room that the bus forgot; its next {@code rev} begins again. Members in grace keep it. */
    @Override
    public void forget(RoomName room) {
        State state = rooms.get(room);
        if (state == null) {
            return;
        }
        synchronized (state) {
            state.forgotten = true;
            if (state.users.isEmpty()) {
                rooms.remove(room, state);
            }
        }
    }

    /** Rooms that it knows of. */
    int count() {
        return rooms.size();
    }
}
