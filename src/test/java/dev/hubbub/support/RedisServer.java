package dev.hubbub.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A real Redis in a process of its own, on a free loopback port, with its data in a directory of its own. */
public final class RedisServer implements AutoCloseable {
    private final int port;
    private final Path directory;
    private final List<String> options;
    private Process process;

    private RedisServer(int port, Path directory, List<String> options) {
        this.port = port;
        this.directory = directory;
        this.options = options;
        this.process = launch();
    }

    /** @param options as on the command line of {@code redis-server} */
    public static RedisServer start(String... options) {
        try {
            Path directory = Files.createTempDirectory("hubbub-redis-");
            return new RedisServer(Ports.free(), directory, List.of(options)).awaitAnswer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process launch() {
        List<String> command = new ArrayList<>(List.of(
                "redis-server", "--port", String.valueOf(port), "--bind", "127.0.0.1", "--dir", directory.toString()));
        command.addAll(List.of("--save", "", "--appendonly", "no", "--daemonize", "no"));
        command.addAll(options);
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private RedisServer awaitAnswer() {
        Awaitility.await("redis answers")
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> cli("PING").matches("PONG|NOAUTH.*"));
        return this;
    }

    public int port() {
        return port;
    }

    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    public long pid() {
        return process.pid();
    }

    /** Has everything that ends by itself end so much sooner. */
    public void pass(Duration time) {
        cli("EVAL", """
                for _, key in ipairs(redis.call('KEYS', '*')) do
                  local left = redis.call('PTTL', key)
                  if left > 0 and left <= tonumber(ARGV[1]) then
                    redis.call('DEL', key)
                  elseif left > 0 then
                    redis.call('PEXPIRE', key, left - ARGV[1])
                  end
                end""", "0", String.valueOf(time.toMillis()));
    }

    /** What {@code redis-cli} prints for a command. */
    public String cli(String... command) {
        return cli(port, command);
    }

    static String cli(int port, String... command) {
        List<String> all = new ArrayList<>(List.of("redis-cli", "-p", String.valueOf(port)));
        all.addAll(List.of(command));
        try {
            Process cli = new ProcessBuilder(all).redirectErrorStream(true).start();
            String printed = new String(cli.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            cli.waitFor();
            return printed.strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Stops it as {@code SIGSTOP} does: its connections stay, and nothing moves. */
    public void pause() {
        Signals.send("-STOP", process);
    }

    public void resume() {
        Signals.send("-CONT", process);
    }

    /** Ends it as {@code SIGKILL} does: what it has not written is lost. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** Ends it in good order, with what its options have it write. */
    public void stop() {
        process.destroy();
        awaitEnd();
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("redis does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Starts it again on its port, with what it has written. */
    public void restart() {
        process = launch();
        awaitAnswer();
    }

    /** Deletes what it has written: started again, it is empty. Not while it runs. */
    public void forget() {
        delete(false);
    }

    private void delete(boolean all) {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (all || !file.equals(directory)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kill();
        delete(true);
    }
}
