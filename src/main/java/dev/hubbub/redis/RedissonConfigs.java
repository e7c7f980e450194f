package dev.hubbub.redis;

import dev.hubbub.config.ConfigurationException;
import dev.hubbub.config.Settings;
import io.netty.channel.epoll.Epoll;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Executors;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.config.BaseConfig;
import org.redisson.config.BaseMasterSlaveServersConfig;
import org.redisson.config.Config;
import org.redisson.config.EqualJitterDelay;
import org.redisson.config.ReadMode;
import org.redisson.config.SingleServerConfig;
import org.redisson.config.SubscriptionMode;
import org.redisson.config.TransportMode;

/** Makes Redisson's settings of Hubbub's: from an address with what suits a node, or from a file as it says. */
final class RedissonConfigs {
    /** A node's requests share few connections: they are pipelined. */
    private static final int CONNECTIONS = 8;

    /** Opened as they are needed: every connection of a node is in a room of its own, and in others. */
    private static final int SUBSCRIPTION_CONNECTIONS = 32;
    /** Channels on one connection: a room each. */
    private static final int SUBSCRIPTIONS_PER_CONNECTION = 10_000;

    private static final int TIMEOUT_MS = 2_000;
    private static final int CONNECT_TIMEOUT_MS = 2_000;

    /** For the little that Redisson does beside. */
    private static final int THREADS = 2;

    private RedissonConfigs() {}

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "redisson");
        thread.setDaemon(true);
        return thread;
    }

    static Config of(Settings.Redis settings) {
        Config config = settings.file().isEmpty() ? ofAddress(settings.address()) : ofFile(settings.file());
        config.setCodec(ByteArrayCodec.INSTANCE);
        config.setLazyInitialization(true); // else a node would not start while Redis is away
        config.setUseScriptCache(true);
        config.setKeepPubSubOrder(true);
        config.setTransportMode(Epoll.isAvailable() ? TransportMode.EPOLL : TransportMode.NIO);
        config.setExecutor(new NotesInline(Executors.newFixedThreadPool(THREADS, RedissonConfigs::thread)));
        config.setReferenceEnabled(false);
        return config;
    }

    /** Channels that one Redis, or each master of a Cluster, can be subscribed to: the driver tries for seconds to have one more. */
    static long subscriptions(Config config) {
        if (config.isClusterConfig()) {
            return subscriptions(config.useClusterServers());
        }
        if (config.isSentinelConfig()) {
            return subscriptions(config.useSentinelServers());
        }
        SingleServerConfig single = config.useSingleServer();
        return (long) single.getSubscriptionConnectionPoolSize() * single.getSubscriptionsPerConnection();
    }

    private static long subscriptions(BaseMasterSlaveServersConfig<?> servers) {
        return (long) servers.getSubscriptionConnectionPoolSize() * servers.getSubscriptionsPerConnection();
    }

    private static Config ofAddress(String address) {
        URI uri = URI.create(address);
        Config config = new Config();
        config.setNettyThreads(2);
        String path = uri.getPath();
        config.useSingleServer()
                .setAddress(uri.getScheme() + "://" + uri.getHost() + ":" + uri.getPort())
                .setDatabase(path == null || path.length() < 2 ? 0 : Integer.parseInt(path.substring(1)))
                .setConnectionPoolSize(CONNECTIONS)
                .setConnectionMinimumIdleSize(2)
                .setSubscriptionConnectionPoolSize(SUBSCRIPTION_CONNECTIONS)
                .setSubscriptionConnectionMinimumIdleSize(1)
                .setSubscriptionsPerConnection(SUBSCRIPTIONS_PER_CONNECTION)
                .setTimeout(TIMEOUT_MS)
                .setConnectTimeout(CONNECT_TIMEOUT_MS)
                .setRetryAttempts(3)
                // a command that a busy machine has not yet written is given up after these
                .setRetryDelay(new WholeTicks(new EqualJitterDelay(Duration.ofMillis(600), Duration.ofMillis(1_200))))
                .setReconnectionDelay(new EqualJitterDelay(Duration.ofMillis(200), Duration.ofSeconds(2)))
                .setPingConnectionInterval(5_000);
        String info = uri.getUserInfo();
        if (info != null) {
            int colon = info.indexOf(':');
            String user = colon < 0 ? "" : info.substring(0, colon);
            if (!user.isEmpty()) {
                config.setUsername(user);
            }
            config.setPassword(info.substring(colon + 1));
        }
        return config;
    }

    private static Config ofFile(String file) {
        try {
            Config config = Config.fromYAML(new File(file));
            if (config.isClusterConfig()) {
                masterOnly(file, config.useClusterServers());
                wholeTicks(config.useClusterServers());
            } else if (config.isSentinelConfig()) {
                masterOnly(file, config.useSentinelServers());
                wholeTicks(config.useSentinelServers());
            } else if (config.isSingleConfig()) {
                wholeTicks(config.useSingleServer());
            } else {
                throw wrong(
                        file, "a configuration of singleServerConfig, sentinelServersConfig or clusterServersConfig");
            }
            return config;
        } catch (ConfigurationException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw wrong(file, "a readable Redisson YAML file: " + firstLine(e));
        }
    }

    private static void wholeTicks(BaseConfig<?> servers) {
        servers.setRetryDelay(new WholeTicks(servers.getRetryDelay()));
    }

    /** Replicas lag: what is read there is not what was written. */
    private static void masterOnly(String file, BaseMasterSlaveServersConfig<?> servers) {
        if (servers.getReadMode() != ReadMode.MASTER || servers.getSubscriptionMode() != SubscriptionMode.MASTER) {
            throw wrong(file, "a file with readMode: MASTER and subscriptionMode: MASTER, since replicas lag");
        }
    }

    private static ConfigurationException wrong(String file, String allowed) {
        return new ConfigurationException("hubbub.redis.config", file, allowed);
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("").trim();
    }
}
