package dev.hubbub.checker;

import dev.hubbub.support.RedisServer;
import dev.hubbub.support.Sentinel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/** A master, a replica that lags as replicas do, and three Sentinels. Nothing is on disk. One thread's. */
final class Sentinels implements AutoCloseable {
    private static final String MASTER = "the master";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern ADDRESS = Pattern.compile("redis://127\\.0\\.0\\.1:[0-9]+");
    /** How long the replica hears nothing before the master dies. */
    private static final long LAG_MS = 1_500;

    private final List<RedisServer> servers;
    private final List<Sentinel> sentinels;

    Sentinels() {
        RedisServer master = RedisServer.start();
        servers = List.of(master, RedisServer.start("--replicaof", "127.0.0.1", String.valueOf(master.port())));
        sentinels =
                IntStream.range(0, 3).mapToObj(i -> Sentinel.start(master, 2)).toList();
        awaitReplica();
    }

    /** What a node is told of them: the file that comes with it, and their ports. */
    List<String> options() {
        try {
            String text = Files.readString(Path.of("etc/redisson.yaml"));
            Matcher address = ADDRESS.matcher(text);
            for (Sentinel sentinel : sentinels) {
                text = address.replaceFirst("redis:" + sentinel.port());
                address = ADDRESS.matcher(text);
            }
            Path file = Files.createTempFile("redisson-", ".yaml");
            file.toFile().deleteOnExit();
            Files.writeString(file, text.replace("redis:", "redis://127.0.0.1:"));
            return List.of("-Dhubbub.redis.config=" + file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private RedisServer master() {
        int port = sentinels.get(0).master();
        return servers.stream().filter(s -> s.port() == port).findFirst().orElseThrow();
    }

    /** All know of each other, and of a replica that is up to date. */
    private void awaitReplica() {
        Awaitility.await("a replica follows the master")
                .atMost(PATIENCE)
                .until(() -> sentinels.stream()
                                .allMatch(s -> s.cli("SENTINEL", "CKQUORUM", Sentinel.MASTER)
                                                .startsWith("OK 3")
                                        && s.master() == sentinels.get(0).master()
                                        && s.cli("SENTINEL", "REPLICAS", Sentinel.MASTER)
                                                .contains("master-link-status\nok"))
                        && master().cli("INFO", "replication").contains("state=online"));
    }

    private void awaitOtherMaster(int before) {
        Awaitility.await("another master")
                .atMost(PATIENCE)
                .until(() -> sentinels.stream().allMatch(s -> s.master() != before)
                        && master().cli("ROLE").startsWith("master"));
    }

    /** A change of masters that is asked for: the old one goes on taking messages until it is told. */
    Fault failover() {
        return Fault.dividing(MASTER, "SENTINEL FAILOVER", () -> {
                    int before = sentinels.get(0).master();
                    Awaitility.await("the failover begins")
                            .atMost(PATIENCE)
                            .until(() -> sentinels
                                    .get(0)
                                    .cli("SENTINEL", "FAILOVER", Sentinel.MASTER)
                                    .equals("OK"));
                    awaitOtherMaster(before);
                })
                .then(this::awaitReplica);
    }

    /** The master dies, and what the replica had not heard is lost, though it was acknowledged. */
    Fault killMaster() {
        RedisServer[] dead = new RedisServer[1];
        return Fault.losing(
                        MASTER,
                        "SIGKILL of the master, whose replica lags",
                        () -> {
                            dead[0] = master();
                            dead[0].cli("ACL", "SETUSER", "default", "-psync", "-sync");
                            dead[0].cli("CLIENT", "KILL", "TYPE", "replica");
                            CompletableFuture.runAsync(
                                            () -> {}, CompletableFuture.delayedExecutor(LAG_MS, TimeUnit.MILLISECONDS))
                                    .join();
                            dead[0].kill();
                            awaitOtherMaster(dead[0].port());
                        },
                        () -> dead[0].restart())
                .then(this::awaitReplica);
    }

    @Override
    public void close() {
        sentinels.forEach(Sentinel::close);
        servers.forEach(RedisServer::close);
    }
}
