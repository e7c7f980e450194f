package dev.hubbub.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** Three masters of a real Redis Cluster, each with a third of the slots, and with a replica where one is wanted. */
public final class RedisCluster implements AutoCloseable {
    public static final int MASTERS = 3;
    private static final int SLOTS = 16384;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<RedisServer> masters;
    /** Of each master one, in their order; a failover makes it the master. Empty where there are none. */
    private final List<RedisServer> replicas = new ArrayList<>();

    private RedisCluster(List<RedisServer> masters) {
        this.masters = masters;
    }

    /** @param options of each master */
    public static RedisCluster start(String... options) {
        List<RedisServer> masters = new ArrayList<>();
        RedisCluster cluster = new RedisCluster(masters);
        IntStream.range(0, MASTERS).forEach(i -> masters.add(server(options)));
        cluster.meet();
        return cluster;
    }

    /** @param options of each master and each replica */
    public static RedisCluster startWithReplicas(String... options) {
        RedisCluster cluster = start(options);
        for (RedisServer master : cluster.masters) {
            RedisServer replica = server(options);
            cluster.replicas.add(replica);
            cluster.meet(replica);
            String id = master.cli("CLUSTER", "MYID");
            Awaitility.await("they have met")
                    .atMost(PATIENCE)
                    .until(() -> replica.cli("CLUSTER", "REPLICATE", id).equals("OK"));
        }
        cluster.awaitReplicas();
        return cluster;
    }

    private static RedisServer server(String... options) {
        return RedisServer.start(Stream.concat(
                        Stream.of("--cluster-enabled", "yes", "--cluster-port", String.valueOf(Ports.free())),
                        Stream.of(options))
                .toArray(String[]::new));
    }

    private void meet() {
        for (int i = 0; i < MASTERS; i++) {
            RedisServer master = masters.get(i);
            master.cli(
                    "CLUSTER",
                    "ADDSLOTSRANGE",
                    String.valueOf(SLOTS * i / MASTERS),
                    String.valueOf(SLOTS * (i + 1) / MASTERS - 1));
            if (i > 0) {
                meet(master);
            }
        }
        for (RedisServer master : masters) {
            Awaitility.await("the cluster stands")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> master.cli("CLUSTER", "INFO").contains("cluster_state:ok")
                            && master.cli("CLUSTER", "NODES").lines().count() == MASTERS);
        }
    }

    private void meet(RedisServer other) {
        String bus = other.cli("CONFIG", "GET", "cluster-port")
                .lines()
                .skip(1)
                .findFirst()
                .orElseThrow();
        masters.get(0).cli("CLUSTER", "MEET", "127.0.0.1", String.valueOf(other.port()), bus);
    }

    /** Waits until each master has its replica, which is up to date, and all agree on that. */
    public void awaitReplicas() {
        List<RedisServer> all =
                Stream.concat(masters.stream(), replicas.stream()).toList();
        for (int i = 0; i < MASTERS; i++) {
            int shard = i;
            Awaitility.await("a replica follows its master")
                    .atMost(PATIENCE)
                    .until(() -> master(shard).cli("INFO", "replication").contains("state=online")
                            && replica(shard).cli("INFO", "replication").contains("master_link_status:up"));
        }
        for (RedisServer server : all) {
            Awaitility.await("all agree")
                    .atMost(PATIENCE)
                    .until(() -> server.cli("CLUSTER", "INFO").contains("cluster_state:ok")
                            && areWell(server.cli("CLUSTER", "NODES")));
        }
    }

    private static boolean areWell(String nodes) {
        return !nodes.contains("fail")
                && nodes.lines().filter(line -> line.contains("slave")).count() == MASTERS;
    }

    /** Who has the slots of one of the masters by now. */
    public RedisServer master(int index) {
        return isMaster(masters.get(index)) ? masters.get(index) : replicas.get(index);
    }

    /** Who follows it. */
    public RedisServer replica(int index) {
        return isMaster(masters.get(index)) ? replicas.get(index) : masters.get(index);
    }

    /** False too where it is not there. */
    public static boolean isMaster(RedisServer server) {
        return server.cli("ROLE").startsWith("master");
    }

    /** Those that began as such. */
    public List<RedisServer> masters() {
        return masters;
    }

    /** Which of the masters has a slot. */
    public int masterOf(int slot) {
        return IntStream.range(0, MASTERS)
                .filter(i -> slot < SLOTS * (i + 1) / MASTERS)
                .findFirst()
                .orElseThrow();
    }

    /** Writes what a node is told of it, as {@code hubbub.redis.config} takes it. */
    public Path yaml() {
        String nodes = String.join(
                ", ",
                Stream.concat(masters.stream(), replicas.stream())
                        .map(server -> "\"" + server.url() + "\"")
                        .toList());
        return write("clusterServersConfig:\n  nodeAddresses: [" + nodes + "]\n"
                + "  readMode: MASTER\n  subscriptionMode: MASTER\n  scanInterval: 1000\n"
                + "  subscriptionsPerConnection: 10000\n  masterConnectionPoolSize: 8\n"
                + "  masterConnectionMinimumIdleSize: 2\n");
    }

    private static Path write(String text) {
        try {
            Path file = Files.createTempFile("redisson-", ".yaml");
            file.toFile().deleteOnExit();
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        masters.forEach(RedisServer::close);
        replicas.forEach(RedisServer::close);
    }
}
