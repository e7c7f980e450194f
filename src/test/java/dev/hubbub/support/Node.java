package dev.hubbub.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A real node in a process of its own: the distribution in {@code target/hubbub}, on a free loopback port. */
public final class Node implements AutoCloseable {
    private static final int HEAP_MB = 768;

    private static final Duration START = Duration.ofSeconds(60);

    /** What each node's JVM is told besides: which compilers it has, where nodes are started more than they run. */
    private static final String FLAGS = System.getProperty("node.flags", "");

    private final Process process;
    private final int port;
    private final Path log;

    private Node(Process process, int port, Path log) {
        this.process = process;
        this.port = port;
        this.log = log;
    }

    /** Starts a node in development mode; {@code options} are further {@code -D} options. */
    public static Node start(String... options) {
        return begin(options).awaitReady();
    }

    /** The same, and does not wait for it. */
    public static Node begin(String... options) {
        return launch(append(options, "-Dhubbub.dev=true"));
    }

    /** The same with one of the JVM's compilers, as those have it that run beside others. */
    public static Node beginWithOneCompiler(String... options) {
        String jvm = heap(HEAP_MB) + " -XX:TieredStopAtLevel=1";
        return launch(distribution(), Ports.free(), jvm, Map.of(), append(options, "-Dhubbub.dev=true"));
    }

    /** Ends this node and starts one in development mode on the same port. */
    public Node restart(String... options) {
        close();
        return launchOn(port, append(options, "-Dhubbub.dev=true")).awaitReady();
    }

    /** Waits until it is ready for traffic. */
    public Node awaitReady() {
        Awaitility.await("node is ready").atMost(START).until(() -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("the node ended:\n" + log());
            }
            return answers();
        });
        return this;
    }

    /** Starts a node and does not wait for it. */
    public static Node launch(String... options) {
        return launchOn(Ports.free(), options);
    }

    /** Starts a node in development mode that has so many megabytes of heap, and a JVM as anybody has it. */
    public static Node startWithHeap(int megabytes, String... options) {
        String[] all = append(options, "-Dhubbub.dev=true");
        return launch(distribution(), Ports.free(), heap(megabytes), Map.of(), all)
                .awaitReady();
    }

    /** Starts a node with these variables in its environment, and does not wait for it. */
    public static Node launchWith(Map<String, String> environment, String... options) {
        return launch(distribution(), Ports.free(), usual(), environment, options);
    }

    /** Starts a node on a port and does not wait for it. */
    public static Node launchOn(int port, String... options) {
        return launchFrom(distribution(), port, options);
    }

    /** Where the distribution is that nodes are started from. */
    public static Path distribution() {
        return Path.of(System.getProperty("node.dist", "target/hubbub")).toAbsolutePath();
    }

    /** Starts a node of another distribution on a port and does not wait for it. */
    public static Node launchFrom(Path distribution, int port, String... options) {
        return launch(distribution, port, usual(), Map.of(), options);
    }

    /** What the JVM of a node is told that a test starts in another way. */
    public static String usual() {
        return heap(HEAP_MB) + " " + FLAGS;
    }

    private static String heap(int megabytes) {
        return "-Xmx" + megabytes + "m";
    }

    private static Node launch(
            Path distribution, int port, String jvm, Map<String, String> environment, String... options) {
        try {
            List<String> command = new ArrayList<>();
            command.add(distribution.resolve("bin/hubbub").toString());
            command.add("-Djetty.http.port=" + port);
            // a suite is one address; tests of this limit say another
            command.add("-Dhubbub.limits.handshakes-per-second=100000");
            command.add("-Dhubbub.limits.handshakes-burst=100000");
            command.add("-Dhubbub.limits.node-handshakes-per-second=100000");
            command.add("-Dhubbub.limits.node-handshakes-burst=100000");
            // nobody here waits for a node's end; tests of a drain say how long it takes
            command.add("-Dhubbub.shutdown.window=PT0S");
            command.add("-Dhubbub.shutdown.deadline=PT2S");
            command.addAll(List.of(options));
            Path log = Files.createTempFile("hubbub-node-", ".log");
            log.toFile().deleteOnExit();
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
            builder.environment()
                    .put("JAVA_HOME", System.getProperty("node.java.home", System.getProperty("java.home")));
            builder.environment().putAll(environment);
            builder.environment().put("JAVA_OPTS", jvm);
            return new Node(builder.start(), port, log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String[] append(String[] options, String one) {
        List<String> all = new ArrayList<>(List.of(one));
        all.addAll(List.of(options));
        return all.toArray(String[]::new);
    }

    private boolean answers() {
        try {
            return HttpClient.newHttpClient()
                            .send(
                                    HttpRequest.newBuilder(http("/readyz"))
                                            .timeout(Duration.ofSeconds(2))
                                            .build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    public int port() {
        return port;
    }

    public URI http(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    public URI ws(String path) {
        return URI.create("ws://127.0.0.1:" + port + path);
    }

    public long pid() {
        // bin/hubbub replaces itself with the JVM
        return process.pid();
    }

    public Process process() {
        return process;
    }

    /** Everything that it has printed. */
    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it as {@code SIGKILL} does. */
    public void kill() {
        process.destroyForcibly();
        try {
            process.waitFor(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops it as {@code SIGSTOP} does: its connections stay, and nothing moves. */
    public void pause() {
        Signals.send("-STOP", process);
    }

    public void resume() {
        Signals.send("-CONT", process);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
