package dev.hubbub.support;

import dev.hubbub.access.AnonymousIds;
import dev.hubbub.access.Authorizers;
import dev.hubbub.access.ClientAddress;
import dev.hubbub.access.Door;
import dev.hubbub.access.Entrance;
import dev.hubbub.access.EntryPace;
import dev.hubbub.access.EntryThreads;
import dev.hubbub.access.Handshakes;
import dev.hubbub.access.Origins;
import dev.hubbub.access.Pace;
import dev.hubbub.access.Permissions;
import dev.hubbub.access.PublishRates;
import dev.hubbub.access.Refusals;
import dev.hubbub.access.RequestRates;
import dev.hubbub.access.Standing;
import dev.hubbub.cluster.InMemoryPermanentRooms;
import dev.hubbub.cluster.InMemoryPresenceStore;
import dev.hubbub.cluster.InMemoryRates;
import dev.hubbub.cluster.InMemoryRoomBus;
import dev.hubbub.cluster.InMemorySanctions;
import dev.hubbub.cluster.InMemoryTickets;
import dev.hubbub.cluster.PermanentRooms;
import dev.hubbub.cluster.Rates;
import dev.hubbub.cluster.RoomBus;
import dev.hubbub.cluster.Sanctions;
import dev.hubbub.config.Settings;
import dev.hubbub.dispatch.Dispatcher;
import dev.hubbub.dispatch.Lines;
import dev.hubbub.dispatch.Openings;
import dev.hubbub.dispatch.Refreshes;
import dev.hubbub.dispatch.Returns;
import dev.hubbub.dispatch.Reviews;
import dev.hubbub.protocol.UserId;
import dev.hubbub.room.Histories;
import dev.hubbub.room.LogBudget;
import dev.hubbub.room.Memberships;
import dev.hubbub.room.Permanence;
import dev.hubbub.room.Rooms;
import dev.hubbub.session.DeliveryLoops;
import dev.hubbub.session.DeliveryStats;
import dev.hubbub.session.FrameSink;
import dev.hubbub.session.Grant;
import dev.hubbub.session.Identity;
import dev.hubbub.session.LoopsEnd;
import dev.hubbub.session.NodeName;
import dev.hubbub.session.Session;
import dev.hubbub.session.Sessions;
import dev.hubbub.spi.RoomAuthorizer;
import dev.hubbub.token.ApiKeys;
import dev.hubbub.token.Tokens;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A whole node's objects as the container would wire them, in development mode and without limits. */
public final class Graph implements AutoCloseable {
    public final FakeClock clock = new FakeClock();
    public final Settings settings;
    public final DeliveryStats stats = new DeliveryStats();
    public final DeliveryLoops loops;
    public final Sessions sessions;
    public final Rooms rooms;
    public final Memberships memberships;
    public final Permanence permanence;
    public final Histories histories;
    public final Openings openings;
    public final Dispatcher dispatcher;
    public final Entrance entrance;
    public final Sanctions sanctions;
    public final ApiKeys apiKeys;
    public final LogBudget budget;
    private final Pace pace;

    public Graph(Map<String, String> options) {
        this(options, null);
    }

    /** @param other in place of the bus in memory */
    public Graph(Map<String, String> options, @Nullable RoomBus other) {
        this(options, other, new InMemoryPermanentRooms());
    }

    public Graph(Map<String, String> options, @Nullable RoomBus other, PermanentRooms permanentRooms) {
        this(options, other, permanentRooms, List.of(), null);
    }

    /** With a team's own code, and rates that another counts. */
    public Graph(Map<String, String> options, List<RoomAuthorizer> authorizers, @Nullable Rates rates) {
        this(options, null, new InMemoryPermanentRooms(), authorizers, rates);
    }

    private Graph(
            Map<String, String> options,
            @Nullable RoomBus other,
            PermanentRooms permanentRooms,
            List<RoomAuthorizer> authorizers,
            @Nullable Rates rates) {
        Map<String, String> values = new HashMap<>(Map.of(
                "hubbub.dev", "true", "hubbub.limits.enabled", "false", "hubbub.limits.queued-replies", "100000"));
        values.putAll(options);
        settings = Settings.of(values);
        Clock time = clock;
        loops = new DeliveryLoops(settings, clock);
        sessions = new Sessions(settings, loops, stats, time);
        budget = new LogBudget(settings);
        var store = new InMemoryPresenceStore(settings, time);
        RoomBus bus = other == null ? new InMemoryRoomBus(settings, time) : other;
        rooms = new Rooms(settings, bus, store, budget, loops, stats, time);
        sanctions = new InMemorySanctions(settings, time);
        memberships = new Memberships(rooms, store, sessions, sanctions);
        histories = new Histories(rooms, settings);
        Refusals refusals = new Refusals(time);
        Permissions permissions =
                new Permissions(settings, sanctions, new Authorizers(authorizers, settings, refusals), refusals);
        permanence = new Permanence(rooms, memberships, permanentRooms, settings);
        Reviews reviews = new Reviews(permissions, memberships, sessions);
        Returns returns = new Returns(permanence, memberships, permissions, reviews);
        openings = new Openings(settings, sessions, memberships, returns, new NodeName(settings), time);
        apiKeys = new ApiKeys(settings, time);
        sessions.check(new Standing(apiKeys, sanctions));
        Door door = new Door(
                new AnonymousIds(settings, time),
                new Tokens(settings, time),
                apiKeys,
                new InMemoryTickets(time),
                sanctions,
                new Origins(settings),
                new ClientAddress(settings),
                refusals,
                settings,
                time);
        entrance = new Entrance(
                new Handshakes(settings, refusals),
                new EntryPace(settings, refusals),
                door,
                permissions,
                new RequestRates(settings, refusals),
                new EntryThreads(settings),
                refusals);
        dispatcher = new Dispatcher(
                settings,
                rooms,
                permanence,
                returns,
                histories,
                new Lines(sessions, settings),
                store,
                permissions,
                new PublishRates(rates == null ? new InMemoryRates(time) : rates, settings, refusals),
                refusals,
                new Refreshes(entrance, reviews, sessions),
                reviews,
                sessions,
                stats,
                time);
        pace = new Pace(settings.limits);
    }

    public Session open(String user, FrameSink sink) {
        Identity identity = new Identity(new UserId(user), null, Identity.Kind.ANONYMOUS, Grant.NONE, null);
        Session session = openings.open(identity, sink, begun -> {});
        sessions.kick();
        return session;
    }

    /** What a client sends; single quotes stand for double ones. */
    public void send(Session session, String frame) {
        dispatcher.handle(session, pace, frame.replace('\'', '"'));
    }

    /** As the ticker does once a second. */
    public void tick(Duration passed) {
        clock.advance(passed);
        sessions.tick();
        rooms.tick();
    }

    @Override
    public void close() {
        LoopsEnd.stop(loops);
    }
}
