package dev.hubbub.checker;

import dev.hubbub.support.RedisCluster;
import dev.hubbub.support.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A Redis Cluster: masters, each with a replica that lags as replicas do. Nothing is on disk. One thread's. */
final class ShardedRedis implements AutoCloseable {
    private static final String CONNECTIONS = "connections";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** How long the replica hears nothing before its master dies. */
    private static final long LAG_MS = 1_500;

    private final RedisCluster redis =
            RedisCluster.startWithReplicas("--cluster-node-timeout", "5000", "--cluster-require-full-coverage", "no");

    /** What a node is told of it. */
    List<String> options() {
        return List.of("-Dhubbub.redis.config=" + redis.yaml());
    }

    /** How many masters there are. */
    int size() {
        return redis.masters().size();
    }

    /** One that this master has. */
    String room(String prefix, int master) {
        for (int i = 0; ; i++) {
            String room = prefix + "-" + i;
            String slot = redis.masters().get(0).cli("CLUSTER", "KEYSLOT", "hb:{" + room + "}");
            if (redis.masterOf(Integer.parseInt(slot)) == master) {
                return room;
            }
        }
    }

    private static String name(int master) {
        return "master " + master;
    }

    private static Fault cut(String type, RedisServer master) {
        return Fault.once(
                CONNECTIONS,
                "CLIENT KILL TYPE " + type + " at one master",
                () -> master.cli("CLIENT", "KILL", "TYPE", type));
    }

    Fault loseSubscriptions(int master) {
        return cut("pubsub", redis.master(master));
    }

    Fault loseConnections(int master) {
        return cut("normal", redis.master(master));
    }

    /** A change of masters that is asked for: the old one takes nothing more before its replica has all. */
    Fault failover(int master) {
        return Fault.once(name(master), "CLUSTER FAILOVER of " + name(master), () -> {
                    RedisServer next = redis.replica(master);
                    Awaitility.await("the failover begins")
                            .atMost(PATIENCE)
                            .until(() -> next.cli("CLUSTER", "FAILOVER").equals("OK"));
                    Awaitility.await("another master").atMost(PATIENCE).until(() -> RedisCluster.isMaster(next));
                })
                .then(redis::awaitReplicas);
    }

    /** The master dies, and what the replica had not heard is lost, though it was acknowledged. */
    Fault kill(int master) {
        RedisServer[] dead = new RedisServer[1];
        return Fault.losing(
                        name(master),
                        "SIGKILL of " + name(master) + ", whose replica lags",
                        () -> {
                            RedisServer next = redis.replica(master);
                            dead[0] = redis.master(master);
                            dead[0].cli("ACL", "SETUSER", "default", "-psync", "-sync");
                            dead[0].cli("CLIENT", "KILL", "TYPE", "replica");
                            CompletableFuture.runAsync(
                                            () -> {}, CompletableFuture.delayedExecutor(LAG_MS, TimeUnit.MILLISECONDS))
                                    .join();
                            dead[0].kill();
                            Awaitility.await("another master")
                                    .atMost(PATIENCE)
                                    .until(() -> RedisCluster.isMaster(next));
                        },
                        () -> dead[0].restart())
                .then(redis::awaitReplicas);
    }

    @Override
    public void close() {
        redis.close();
    }
}
