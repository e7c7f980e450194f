package dev.hubbub.room;

import dev.hubbub.cluster.PresenceStore;
import dev.hubbub.cluster.Publication;
import dev.hubbub.cluster.PublishOutcome;
import dev.hubbub.cluster.RoomBus;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.JoinAnswer;
import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.PresenceMode;
import dev.hubbub.protocol.RawJson;
import dev.hubbub.protocol.Refusal;
import dev.hubbub.protocol.RoomFrames;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import dev.hubbub.session.DeliveryLoop;
import dev.hubbub.session.DeliveryLoops;
import dev.hubbub.session.DeliveryStats;
import dev.hubbub.session.Session;
import dev.hubbub.session.Sessions;
import dev.hubbub.session.Source;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The rooms that live on this node, and what can be done with them. Thread-safe. */
@Singleton
public final class Rooms implements Sessions.EndListener {
    /** How much of a room's members a join is answered with. */
    private static final int FIRST_PAGE = 100;

    private final ConcurrentHashMap<RoomName, Room> rooms = new ConcurrentHashMap<>();
    private final Settings settings;
    private final RoomBus bus;
    private final PresenceStore store;
    private final LogBudget budget;
    private final DeliveryLoops loops;
    private final DeliveryStats stats;
    private final Clock clock;

    @Inject
    public Rooms(
            Settings settings,
            RoomBus bus,
            PresenceStore store,
            LogBudget budget,
            DeliveryLoops loops,
            DeliveryStats stats,
            Sessions sessions,
            Clock clock) {
        this.settings = settings;
        this.bus = bus;
        this.store = store;
        this.budget = budget;
        this.loops = loops;
        this.stats = stats;
        this.clock = clock;
        sessions.listen(this);
        store.listen((name, change) -> {
            Room room = rooms.get(name);
            if (room != null) {
                room.onPresence(change);
            }
        });
    }

    long now() {
        return clock.millis();
    }

    DeliveryLoop loop(int index) {
        return loops.get(index);
    }

    Settings.Presence presenceSettings() {
        return settings.presence;
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

    /** Living rooms whose names begin with {@code prefix}, after one of them, by name. */
    public List<Room> list(String prefix, String after, int limit) {
        return rooms.values().stream()
                .filter(r ->
                        r.name().value().startsWith(prefix) && r.name().value().compareTo(after) > 0)
                .sorted(Comparator.comparing(Room::name))
                .limit(limit)
                .toList();
    }

    private Room obtain(RoomName name) {
        Room room = rooms.get(name);
        return room != null ? room : rooms.computeIfAbsent(name, this::begin);
    }

    private Room begin(RoomName name) {
        Room room = new Room(name, settings.namespacePolicy(name.namespace()), this, budget, loops.count());
        bus.attach(name, room).thenAccept(room::begin);
        return room;
    }

    /** Whether rooms of this name have presence. */
    public boolean hasPresence(RoomName name) {
        return !name.isUserRoom() && settings.namespacePolicy(name.namespace()).presence();
    }

    /**
     * What a join asks for; null fields stay as they are.
     *
     * @param lost the place that it brought means nothing here
     */
    public record Ask(
            RoomName room,
            @Nullable Place since,
            int replay,
            @Nullable PresenceMode presence,
            @Nullable RawJson status,
            boolean lost) {}

    /**
     * Puts a session into a room, or changes how it is in it. The answer is handed over before anything of the room is
     * sent that follows from it.
     */
    public void join(Session session, Ask ask, Consumer<JoinAnswer> answered) {
        boolean done = false;
        while (!done) {
            Room room = obtain(ask.room());
            Source known = session.source(ask.room().value(), false);
            RoomSubscription subscription =
                    known instanceof RoomSubscription s ? s : new RoomSubscription(room, session);
            PresenceStore.@Nullable Page page = presence(session, subscription, ask, known != null);
            done = stand(subscription, ask, known != null, page, answered);
        }
    }

    private PresenceStore.@Nullable Page presence(
            Session session, RoomSubscription subscription, Ask ask, boolean known) {
        RoomName name = ask.room();
        if (!hasPresence(name)) {
            return null;
        }
        PresenceMode before = subscription.mode();
        PresenceMode mode = ask.presence() != null ? ask.presence() : known ? before : PresenceMode.FULL;
        if (mode == PresenceMode.FULL) {
            var who = new PresenceStore.Presence(
                    session.id(), session.identity().user(), session.identity().name());
            store.enter(name, who, ask.status());
        } else if (before == PresenceMode.FULL) {
            store.leave(name, session.id(), session.identity().user(), true);
        }
        subscription.mode(mode);
        return mode == PresenceMode.OFF
                ? null
                : store.list(name, null, FIRST_PAGE).toCompletableFuture().join();
    }

    /** @return false where the room ended meanwhile */
    private boolean stand(
            RoomSubscription subscription,
            Ask ask,
            boolean known,
            PresenceStore.@Nullable Page page,
            Consumer<JoinAnswer> answered) {
        Room room = subscription.room();
        synchronized (subscription) {
            if (!known && !room.add(subscription)) {
                return false;
            }
            Standing standing = ask.lost() ? Standing.lost(room) : Standing.of(room, ask.since(), ask.replay());
            if (!known || ask.since() != null || ask.replay() > 0) {
                subscription.standAt(standing);
            }
            if (page != null) {
                subscription.knows(page.rev());
            }
            if (!known) {
                subscription.session().add(subscription);
            }
            subscription.answerFirst();
            answered.accept(new JoinAnswer(
                    room.name(),
                    standing.head(),
                    standing.recovered(),
                    standing.replayed(room.log(), subscription.session().id()),
                    page == null ? null : new JoinAnswer.PresencePage(page.rev(), page.count(), page.members())));
        }
        subscription.session().ready(subscription);
        if (subscription.session().isClosed()) {
            leave(subscription, false); // it ended while it was joining
        }
        return true;
    }

    /** Takes a session out of a room, and says whether it was in it. */
    public boolean leave(Session session, RoomName name) {
        Source source = session.source(name.value(), false);
        if (!(source instanceof RoomSubscription subscription)) {
            return false;
        }
        leave(subscription, true);
        return true;
    }

    private void leave(RoomSubscription subscription, boolean atOnce) {
        Session session = subscription.session();
        if (!session.remove(subscription)) {
            return;
        }
        subscription.end();
        subscription.room().remove(subscription);
        if (subscription.mode() == PresenceMode.FULL) {
            store.leave(
                    subscription.room().name(), session.id(), session.identity().user(), atOnce);
        }
    }

    /** Takes all of a user's connections on this node out of a room, telling them why. */
    public int remove(RoomName name, UserId user, String reason) {
        Room room = rooms.get(name);
        if (room == null) {
            return 0;
        }
        int removed = 0;
        for (RoomSubscription subscription : room.subscriptions()) {
            Session session = subscription.session();
            if (session.identity().user().equals(user)) {
                leave(subscription, true);
                Farewell farewell = new Farewell(name, RoomFrames.removed(name, reason, now()), session);
                session.add(farewell);
                session.ready(farewell);
                removed++;
            }
        }
        return removed;
    }

    @Override
    public void ended(Session session, boolean atOnce) {
        for (Source source : session.sources()) {
            if (source instanceof RoomSubscription subscription) {
                leave(subscription, atOnce);
            }
        }
    }

    /** Publishes to a room: the bus gives it its place and brings it back to all who are subscribed. */
    public CompletionStage<PublishOutcome> publish(RoomName name, Publication publication) {
        obtain(name);
        return bus.publish(name, publication).thenApply(outcome -> {
            if (outcome instanceof PublishOutcome.Accepted accepted && !accepted.repeated()) {
                stats.published.increment();
            }
            return outcome;
        });
    }

    /** A history's answers as a source for the session, or why not. Without an id nobody wants them. */
    public @Nullable Refusal stream(
            Session session,
            @Nullable String id,
            RoomName name,
            @Nullable Place since,
            @Nullable Place before,
            int limit) {
        Room room = obtain(name);
        Refusal refusal = HistoryRange.refusal(room, since, before);
        if (refusal != null || id == null) {
            return refusal;
        }
        if (session.source(id, true) != null) {
            return Refusal.of(ErrorCode.ALREADY_EXISTS, "a stream with this id is open");
        }
        if (session.sources().stream().filter(Source::isStream).count() >= settings.limits.streams()) {
            return Refusal.of(ErrorCode.RESOURCE_EXHAUSTED, "too many open streams");
        }
        HistoryStream stream = new HistoryStream(id, room, session, HistoryRange.of(room, since, before, limit));
        session.add(stream);
        session.ready(stream);
        return null;
    }

    /** One page of a room's history, or why not. */
    public record HistoryPage(
            @Nullable HistoryRange range,
            List<byte[]> messages,
            @Nullable Refusal refusal) {}

    public HistoryPage history(RoomName name, @Nullable Place since, @Nullable Place before, int limit) {
        Room room = obtain(name);
        Refusal refusal = HistoryRange.refusal(room, since, before);
        if (refusal != null) {
            return new HistoryPage(null, List.of(), refusal);
        }
        HistoryRange range = HistoryRange.of(room, since, before, limit);
        List<byte[]> messages = new ArrayList<>();
        for (long seq = range.from(); seq <= range.to(); seq++) {
            byte[] item = room.log().item(seq);
            if (item != null) {
                messages.add(item);
            }
        }
        return new HistoryPage(range, messages, null);
    }

    /** Once a second: presence that gathered, messages that are too old, rooms that nobody needs, the logs' budget. */
    public void tick() {
        long now = now();
        store.tick();
        for (Room room : rooms.values()) {
            room.tick(now);
            if (room.endIfUnused(now, settings.log.roomLingerMs())) {
                rooms.computeIfPresent(room.name(), (name, r) -> {
                    bus.detach(name);
                    store.forget(name);
                    return null;
                });
            }
        }
        keepBudget();
        loops.kick();
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
