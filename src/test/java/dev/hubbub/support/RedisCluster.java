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

/** Three masters of a real Redis Cluster, each with a third of the slots. */
public final class RedisCluster implements AutoCloseable {
    public static final int MASTERS = 3;
    private static final int SLOTS = 16384;

    private final List<RedisServer> masters;

    private RedisCluster(List<RedisServer> masters) {
        this.masters = masters;
    }

    /** @param options of each master */
    public static RedisCluster start(String... options) {
        List<RedisServer> masters = new ArrayList<>();
        RedisCluster cluster = new RedisCluster(masters);
        IntStream.range(0, MASTERS)
                .forEach(i -> masters.add(RedisServer.start(Stream.concat(
                                Stream.of("--cluster-enabled", "yes", "--cluster-port", String.valueOf(Ports.free())),
                                Stream.of(options))
                        .toArray(String[]::new))));
        cluster.meet();
        return cluster;
    }

    private void meet() {
        for (int i = 0; i < MASTERS; i++) {
            RedisServer master = masters.get(i);
            master.cli(
                    "CLUSTER",
                    "ADDSLOTSRANGE",
                    String.valueOf(SLOTS * i / MASTERS),
                    String.valueOf(SLOTS * (i + 1) / MASTERS - 1));
            RedisServer first = masters.get(0);
            if (i > 0) {
                String bus = master.cli("CONFIG", "GET", "cluster-port")
                        .lines()
                        .skip(1)
                        .findFirst()
                        .orElseThrow();
                first.cli("CLUSTER", "MEET", "127.0.0.1", String.valueOf(master.port()), bus);
            }
        }
        for (RedisServer master : masters) {
            Awaitility.await("the cluster stands")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> master.cli("CLUSTER", "INFO").contains("cluster_state:ok")
                            && master.cli("CLUSTER", "NODES").lines().count() == MASTERS);
        }
    }

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
                ", ", masters.stream().map(m -> "\"" + m.url() + "\"").toList());
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
    }
}
