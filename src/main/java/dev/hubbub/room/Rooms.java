package dev.hubbub.room;

import dev.hubbub.cluster.PresenceStore;
import dev.hubbub.cluster.Publication;
import dev.hubbub.cluster.PublishOutcome;
import dev.hubbub.cluster.RoomBus;
import dev.hubbub.config.RoomKind;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Refusal;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.session.DeliveryLoops;
import dev.hubbub.session.DeliveryStats;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The rooms that live on this node. Thread-safe. */
@Singleton
public final class Rooms {
    /** A linger that is over already. */
    private static final long AT_ONCE = -1;
    /** How long an ephemeral room waits for whoever is about to join or read it, in ms. */
    private static final long COMING_MS = 5_000;

    /**
     * Rooms whose presence is in doubt that are compared in a second: all at once would be a flood. Not a setting: it paces
     * what the node mends by itself; those beyond wait for another second, and nobody is refused anything.
     */
    private static final int MOST_COMPARED = 500;

    private static final PublishOutcome NOT_KEPT = new PublishOutcome.Refused(Refusal.of(
            ErrorCode.FAILED_PRECONDITION, "the room keeps no messages: only ephemeral ones are published in it"));

    private final ConcurrentHashMap<RoomName, Room> rooms = new ConcurrentHashMap<>();
    private final Settings settings;
    private final RoomBus bus;
    private final PresenceStore store;
    private final LogBudget budget;
    private final DeliveryLoops loops;
    private final DeliveryStats stats;
    private final Clock clock;
    private volatile MembershipListener listener = MembershipListener.NONE;

    @Inject
    public Rooms(
            Settings settings,
            RoomBus bus,
            PresenceStore store,
            LogBudget budget,
            DeliveryLoops loops,
            DeliveryStats stats,
            Clock clock) {
        this.settings = settings;
        this.bus = bus;
        this.store = store;
        this.budget = budget;
        this.loops = loops;
        this.stats = stats;
        this.clock = clock;
        bus.afterwards(loops::kick);
        store.listen((name, change) -> {
            Room room = rooms.get(name);
            if (room != null) {
                room.onPresence(change);
            }
        });
    }

    /** By the clock that stamps messages. */
    long now() {
        return clock.millis() + bus.aheadMs();
    }

    RoomBus bus() {
        return bus;
    }

    Settings settings() {
        return settings;
    }

    void countReset() {
        stats.resets.increment();
    }

    void countSkipped(long messages) {
        stats.skipped.add(messages);
    }

    /** A room that lives, or null. */
    public @Nullable Room find(RoomName name) {
        return rooms.get(name);
    }

    public int count() {
        return rooms.size();
    }

    /** Rooms that the bus delivers to, whose names begin with {@code prefix} and come behind {@code after}, by name. */
    public List<Room> list(String prefix, String after, int limit) {
        return rooms.values().stream()
                .filter(r -> r.name().value().startsWith(prefix)
                        && r.name().value().compareTo(after) > 0
                        && !r.epoch().isEmpty())
                .sorted(Comparator.comparing(Room::name))
                .limit(limit)
                .toList();
    }

    /** The room, once the bus delivers to it. */
    CompletionStage<Room> obtain(RoomName name) {
        Room room = rooms.get(name);
        if (room == null) {
            Room fresh = new Room(name, settings.namespacePolicy(name.namespace()), this, budget, loops);
            room = rooms.putIfAbsent(name, fresh);
            if (room == null) {
                room = fresh;
                attach(fresh);
            }
        }
        return room.attached();
    }

    private void attach(Room room) {
        var unused = bus.attach(room.name(), room).whenComplete((head, failure) -> {
            if (failure != null) {
                rooms.remove(room.name(), room); // before whoever waits is told: the next who asks begins another
            }
            room.attached(failure);
        });
    }

    RoomKind kind(RoomName name) {
        return settings.namespacePolicy(name.namespace()).kind();
    }

    /** Whether rooms of this name have presence. */
    public boolean hasPresence(RoomName name) {
        return !name.isUserRoom() && settings.namespacePolicy(name.namespace()).presence();
    }

    /** Publishes to a room: the bus gives it its place and brings it back to all who are subscribed. */
    public CompletionStage<PublishOutcome> publish(RoomName name, Publication publication) {
        RoomKind kind = kind(name);
        if (kind == RoomKind.REACTIVE && !publication.body().ephemeral()) {
            return CompletableFuture.completedFuture(NOT_KEPT);
        }
        // an ephemeral room that nobody is in ends with the node that was the last to be attached to it
        CompletionStage<PublishOutcome> published = bus.keepsHistory() && kind != RoomKind.EPHEMERAL
                ? bus.publish(name, publication)
                : obtain(name).thenCompose(room -> bus.publish(name, publication));
        return published.thenApply(outcome -> {
            if (outcome instanceof PublishOutcome.Accepted accepted && !accepted.repeated()) {
                stats.published.increment();
            }
            return outcome;
        });
    }

    /** Once a second: presence that gathered, messages that are too old, rooms that nobody needs, the logs' budget. */
    public void tick() {
        long now = now();
        int compared = 0;
        store.tick();
        for (Room room : rooms.values()) {
            if (room.rests(now)) {
                continue;
            }
            room.tick(now);
            if (compared < MOST_COMPARED && room.compareIfDoubtful(now)) {
                compared++;
            }
            endIfUnused(
                    room,
                    now,
                    isEphemeral(room) ? Math.min(COMING_MS, settings.log.roomLingerMs()) : settings.log.roomLingerMs());
        }
        keepBudget();
        loops.kick();
    }

    private static boolean isEphemeral(Room room) {
        return room.policy().kind() == RoomKind.EPHEMERAL;
    }

    /** There is one listener. */
    public void listen(MembershipListener other) {
        listener = other;
    }

    void joined(RoomSubscription subscription) {
        listener.joined(subscription.session(), subscription.room().name());
    }

    /** A connection has left a room: maybe the last, with which an ephemeral one ends. */
    void left(RoomSubscription subscription) {
        Room room = subscription.room();
        listener.left(subscription.session(), room.name());
        if (isEphemeral(room) && room.connections() == 0) {
            endIfUnused(room, now(), AT_ONCE);
        }
    }

    private void endIfUnused(Room room, long now, long lingerMs) {
        // where the bus keeps the history, it sees to its end as well
        boolean stays = !bus.keepsHistory()
                && (isEphemeral(room)
                        ? hasMembers(room.name())
                        : room.first() <= room.head().seq());
        if (room.endIfUnused(now, lingerMs, stays)) {
            rooms.computeIfPresent(room.name(), (name, living) -> {
                if (living != room) {
                    return living;
                }
                bus.detach(name);
                store.forget(name);
                return null;
            });
        }
    }

    /** Whether somebody is listed in a room, those in their grace included; only to be asked of a store in memory. */
    private boolean hasMembers(RoomName name) {
        return hasPresence(name)
                && store.list(name, null, 1).toCompletableFuture().join().count() > 0;
    }

    /** Over the budget, the largest logs give. */
    private void keepBudget() {
        if (!budget.isExceeded()) {
            return;
        }
        long share = budget.most() / Math.max(1, rooms.size());
        rooms.values().stream()
                .sorted(Comparator.comparingLong((Room r) -> r.log().bytes()).reversed())
                .takeWhile(r -> budget.held() > budget.most() * 9 / 10)
                .forEach(r -> r.log().shrinkTo(Math.max(share / 2, r.log().bytes() / 2)));
    }
}
