package dev.hubbub.redis;

import dev.hubbub.cluster.ClusterHealth;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.support.FakeClock;
import dev.hubbub.support.RedisServer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** What a node has of Redis, made by hand: one of several in one process. */
final class RedisNode implements AutoCloseable {
    private final FakeClock clock = new FakeClock();
    private final Settings settings;
    private final ClusterHealth health = new ClusterHealth();
    private final RedisLink link;
    private final RoomChannels channels;
    private final Lease lease;
    private final Held held;
    private final RedisPresenceStore store;

    RedisNode(RedisServer server) {
        settings = Settings.of(Map.of("hubbub.redis", server.url()));
        link = new RedisLink(settings, health);
        channels = new RoomChannels(link, health);
        channels.hear('f', (room, note) -> {});
        lease = new Lease(link);
        held = new Held(link, lease);
        store = new RedisPresenceStore(link, channels, held, settings, clock);
        Awaitility.await().until(lease::isGranted);
    }

    FakeClock clock() {
        return clock;
    }

    Settings settings() {
        return settings;
    }

    ClusterHealth health() {
        return health;
    }

    RedisLink link() {
        return link;
    }

    Lease lease() {
        return lease;
    }

    Held held() {
        return held;
    }

    RedisPresenceStore store() {
        return store;
    }

    /** Hears what is told of a room, as the bus does for a room that somebody is in. */
    void attach(RoomName room) {
        try {
            channels.open(room).toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("no subscription", e);
        }
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

    @Override
    public void close() {
        link.close();
    }
}
