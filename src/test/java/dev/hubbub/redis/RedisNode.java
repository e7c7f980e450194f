package dev.hubbub.redis;

import dev.hubbub.cluster.ClusterHealth;
import dev.hubbub.config.Settings;
import dev.hubbub.support.RedisServer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;

/** What one node has to do with Redis. */
final class RedisNode implements AutoCloseable {
    final Settings settings;
    final ClusterHealth health;
    final RedisLink link;
    final RoomChannels channels;
    final RedisRoomBus bus;

    RedisNode(RedisServer redis) {
        this(redis.url(), Map.of());
    }

    RedisNode(String url, Map<String, String> options) {
        this(with(options, "hubbub.redis", url));
    }

    /** A node that is told of Redis by a file. */
    RedisNode(Path yaml) {
        this(yaml, Map.of());
    }

    RedisNode(Path yaml, Map<String, String> options) {
        this(with(options, "hubbub.redis.config", yaml.toString()));
    }

    private static Map<String, String> with(Map<String, String> options, String key, String value) {
        Map<String, String> all = new HashMap<>(options);
        all.put(key, value);
        return all;
    }

    private RedisNode(Map<String, String> options) {
        settings = Settings.of(options);
        health = new ClusterHealth(Clock.systemUTC());
        link = new RedisLink(settings, health);
        channels = new RoomChannels(link, health, Clock.systemUTC());
        bus = new RedisRoomBus(link, channels, new Publisher(link, health, settings), health, settings);
    }

    RedisNode awaitHere() {
        Awaitility.await("redis is here").until(link::isHere);
        return this;
    }

    @Override
    public void close() {
        link.close();
    }
}
