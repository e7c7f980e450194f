package dev.hubbub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.cluster.ClusterHealth;
import dev.hubbub.cluster.LastSeen;
import dev.hubbub.cluster.LastSeenContract;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.UserId;
import dev.hubbub.support.RedisServer;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RedisLastSeenTest extends LastSeenContract {
    private static RedisServer server;
    private final ClusterHealth health = new ClusterHealth(Clock.systemUTC());
    private RedisLink link;
    private RedisLastSeen one;
    private RedisLastSeen two;

    @BeforeAll
    static void start() {
        server = RedisServer.start();
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @BeforeEach
    void nodes() {
        Settings settings = settings(LIFE, Map.of("hubbub.redis", server.url()));
        link = new RedisLink(settings, health);
        RoomChannels channels = new RoomChannels(link, health, Clock.systemUTC());
        one = new RedisLastSeen(link, channels, settings, clock);
        two = new RedisLastSeen(link, channels, settings, clock);
        Awaitility.await().until(link::isHere);
    }

    @AfterEach
    void close() {
        link.close();
    }

    @Override
    protected LastSeen lastSeen() {
        return one;
    }

    @Override
    protected LastSeen other() {
        return two;
    }

    /** Redis's: the node's own, which is far off, must not matter. */
    @Override
    protected long now() {
        String[] time = server.cli("TIME").split("\\s+");
        return Long.parseLong(time[0]) * 1000 + Long.parseLong(time[1]) / 1000;
    }

    @Override
    protected void pass(Duration time) {
        clock.advance(time);
        PassingTime.in(server, time);
    }

    @Test
    void allWhoGoAtOnceAreWrittenWithFewRequests() {
        long before = health.requests.sum();
        for (int i = 0; i < 20_000; i++) {
            one.gone(new UserId("u" + i));
        }
        one.end();
        assertThat(find(two, new UserId("u0"))).isPresent();
        assertThat(find(two, new UserId("u19999"))).isPresent();
        // rounds of 16 keys each, and a probe every second
        assertThat(health.requests.sum() - before).isLessThan(400);
    }

    @Test
    void whatRedisDidNotHearIsToldWhenItIsBack() {
        health.away();
        one.gone(ann);
        clock.advance(Duration.ofSeconds(30)); // so long it takes
        assertThat(find(one, ann)).isPresent();
        Awaitility.await().until(() -> link.isHere() && find(two, ann).isPresent());
        assertThat(now() - find(two, ann).getAsLong()).isBetween(30_000L, 60_000L);
    }

    @Test
    void theOldAreForgottenByWhoeverWrites() {
        one.gone(ann);
        Awaitility.await().until(() -> find(two, ann).isPresent());
        String key = Keyspace.seen(ann);
        server.cli("ZADD", key, "1", "old");
        one.gone(ann);
        one.end();
        Awaitility.await().until(() -> server.cli("ZSCORE", key, "old").isEmpty());
        assertThat(Long.parseLong(server.cli("PTTL", key))).isBetween(1L, LIFE.toMillis());
    }

    /** Whoever comes once, and is nobody, must not fill Redis. */
    @Test
    void thoseWhoAreLongestGoneMakeRoom() {
        String key = Keyspace.seen(ann);
        String fill = "for i = 1, 100000 do redis.call('ZADD', KEYS[1], ARGV[1] - i, 'x' .. i) end";
        server.cli("EVAL", fill, "1", key, String.valueOf(now()));
        one.gone(ann);
        one.end();
        Awaitility.await().until(() -> find(two, ann).isPresent());
        assertThat(server.cli("ZCARD", key)).isEqualTo("100000");
        assertThat(server.cli("ZSCORE", key, "x100000")).isEmpty();
        assertThat(server.cli("ZSCORE", key, "x1")).isNotEmpty();
        server.cli("DEL", key);
    }

    @Test
    void garbageIsNoTime() {
        String key = Keyspace.seen(ann);
        server.cli("DEL", key);
        server.cli("SET", key, "garbage");
        assertThat(find(two, ann)).isEmpty();
        server.cli("ZADD", key, "inf", ann.value());
        assertThat(find(two, ann)).isEmpty();
        assertThat(health.garbage.sum()).isEqualTo(1);
        one.gone(ann);
        one.end();
    }
}
