package dev.hubbub.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/** A real Sentinel in a process of its own, on a free loopback port, that watches one master. */
public final class Sentinel implements AutoCloseable {
    /** What it calls the master. */
    public static final String MASTER = "hubbub";

    private final int port = Ports.free();
    private final Path file;
    private final Process process;

    private Sentinel(int master, int quorum) throws IOException {
        file = Files.createTempFile("hubbub-sentinel-", ".conf");
        Files.writeString(
                file,
                String.join(
                        "\n",
                        List.of(
                                "port " + port,
                                "bind 127.0.0.1",
                                "sentinel monitor " + MASTER + " 127.0.0.1 " + master + " " + quorum,
                                "sentinel down-after-milliseconds " + MASTER + " 1500",
                                "sentinel failover-timeout " + MASTER + " 5000",
                                "")));
        process = new ProcessBuilder("redis-server", file.toString(), "--sentinel")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Awaitility.await("sentinel answers")
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> cli("PING").equals("PONG"));
    }

    /** @param quorum how many must agree that the master is down */
    public static Sentinel start(RedisServer master, int quorum) {
        try {
            return new Sentinel(master.port(), quorum);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return port;
    }

    /** What {@code redis-cli} prints for a command. */
    public String cli(String... command) {
        return RedisServer.cli(port, command);
    }

    /** The port of whom it takes for the master. */
    public int master() {
        return Integer.parseInt(cli("SENTINEL", "get-master-addr-by-name", MASTER)
                .lines()
                .skip(1)
                .findFirst()
                .orElseThrow());
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
