package dev.hubbub.redis;

import dev.hubbub.cluster.ClusterHealth;
import dev.hubbub.cluster.PresenceStore;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.Member;
import dev.hubbub.protocol.RawJson;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import dev.hubbub.support.FakeClock;
import dev.hubbub.support.RedisServer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** What a node has of Redis, made by hand: one of several in one process. */
final class PresenceNode implements AutoCloseable {
    /** An interval that does not end within a test. */
    private static final long NEVER_MS = 3_600_000;

    private final FakeClock clock = new FakeClock();
    private final ClusterHealth health;
    private final List<String> heard = Collections.synchronizedList(new ArrayList<>());
    private final List<Long> revs = Collections.synchronizedList(new ArrayList<>());
    private final RedisLink link;
    private final RoomChannels channels;
    private final Lease lease;
    private final Held held;
    private final RedisPresenceStore store;
    private final RedisQuotas quotas;
    private final RedisOccupancy occupancy;
    private final RedisLastSeen seen;

    /** A node that neither audits nor sweeps. */
    PresenceNode(RedisServer server) {
        this(
                Map.of("hubbub.redis", server.url()),
                new ClusterHealth(Clock.systemUTC()),
                Lease.LIFE_MS,
                3_000,
                NEVER_MS,
                1,
                NEVER_MS);
    }

    private PresenceNode(
            Map<String, String> options,
            ClusterHealth health,
            long leaseMs,
            long renewalMs,
            long auditMs,
            int turns,
            long sweepMs) {
        this.health = health;
        Settings settings = Settings.of(options);
        link = new RedisLink(settings, health);
        channels = new RoomChannels(link, health, Clock.systemUTC());
        channels.hear('f', (room, note) -> {});
        lease = new Lease(link, leaseMs, renewalMs);
        held = new Held(link, lease);
        store = new RedisPresenceStore(link, channels, lease, held, settings, clock);
        store.listen((room, change) -> {
            heard.add(change.kind() + " " + change.member().user());
            revs.add(change.rev());
        });
        quotas = new RedisQuotas(link, lease, held);
        occupancy = new RedisOccupancy(link, lease, held);
        Audit audit = new Audit(link, lease, held, store, quotas, occupancy, auditMs, turns);
        seen = new RedisLastSeen(link, channels, settings, Clock.systemUTC());
        Sweeper sweeper = new Sweeper(link, lease, store, quotas, occupancy, seen, sweepMs, 1_000);
        audit.begin();
        sweeper.begin();
        Awaitility.await().until(lease::isGranted);
    }

    /** A node that does everything as often as in production. */
    static PresenceNode usual(RedisServer server) {
        return new PresenceNode(
                Map.of("hubbub.redis", server.url()),
                new ClusterHealth(Clock.systemUTC()),
                Lease.LIFE_MS,
                3_000,
                30_000,
                120,
                2_000);
    }

    /** A node that does everything some ten times as often. */
    static PresenceNode quick(RedisServer server) {
        return quick(Map.of("hubbub.redis", server.url()), new ClusterHealth(Clock.systemUTC()));
    }

    /** The same, as far as its health lets it. */
    static PresenceNode quick(RedisServer server, ClusterHealth health) {
        return quick(Map.of("hubbub.redis", server.url()), health);
    }

    /** The same, told of Redis by a file. */
    static PresenceNode quick(Path yaml) {
        return quick(Map.of("hubbub.redis.config", yaml.toString()), new ClusterHealth(Clock.systemUTC()));
    }

    private static PresenceNode quick(Map<String, String> options, ClusterHealth health) {
        return new PresenceNode(options, health, 2_000, 250, 300, 1, 200);
    }

    ClusterHealth health() {
        return health;
    }

    RedisLink link() {
        return link;
    }

    String incarnation() {
        return get(lease.granted());
    }

    RedisPresenceStore store() {
        return store;
    }

    RedisQuotas quotas() {
        return quotas;
    }

    RedisOccupancy occupancy() {
        return occupancy;
    }

    static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("the stage did not complete", e);
        }
    }

    /** Hears what is told of a room, as the bus does for a room that somebody is in. */
    void attach(RoomName room) {
        get(channels.open(room).stands());
    }

    /** What was heard so far, as {@code KIND user}. */
    List<String> heard() {
        return List.copyOf(heard);
    }

    List<Long> revs() {
        return List.copyOf(revs);
    }

    CompletionStage<Long> enter(RoomName room, String user, int conn, RawJson status) {
        var presence =
                new PresenceStore.Presence(new ConnectionId(user + "-" + conn), new UserId(user), "name of " + user);
        return store.enter(room, presence, status);
    }

    void leave(RoomName room, String user, int conn, boolean atOnce) {
        store.leave(room, new ConnectionId(user + "-" + conn), new UserId(user), atOnce);
    }

    List<Member> members(RoomName room) {
        return get(store.list(room, null, 1000)).members();
    }

    /** Users with their connections. */
    List<String> listed(RoomName room) {
        return members(room).stream().map(m -> m.user() + " " + m.conns()).toList();
    }

    /** Waits until everything that was asked of the store is done. */
    void settle() {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(2))
                .until(() -> store.own().commands() == 0);
    }

    /** The node's own clock goes on, and it does what is due. */
    void pass(Duration time) {
        clock.advance(time);
        store.tick();
    }

    /** It dies: what it has listed stays. */
    @Override
    public void close() {
        link.close();
    }

    /** Gives the lease back, so that what the node had is swept up at once. */
    void end() {
        get(lease.end());
    }
}
