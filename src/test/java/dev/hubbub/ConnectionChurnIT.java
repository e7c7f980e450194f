package dev.hubbub;

import static dev.hubbub.support.RawWebSocket.FIN;
import static dev.hubbub.support.RawWebSocket.PONG;
import static dev.hubbub.support.RawWebSocket.frame;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.support.Node;
import dev.hubbub.support.RawWebSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** 8,000 connections opened and closed leave nothing behind, and none has a thread of its own. */
class ConnectionChurnIT {
    private static final int ROUNDS = 20;
    private static final int AT_ONCE = 400;
    private static final int COLLECTED_AT_ONCE = 4;
    private static final int COLLECTED = 600;
    private static final int COLLECTED_ROUNDS = 2;
    private static final int TALKERS = 60;
    /** More often than a method handle is called before the JVM makes a class of it. */
    private static final int OFTEN = 200;

    private static final List<String> PER_CONNECTION = List.of(
            "dev.hubbub.session.Session",
            "dev.hubbub.room.RoomSubscription",
            "dev.hubbub.room.Room",
            "dev.hubbub.room.HistoryStream",
            "dev.hubbub.websocket.RoomEndpoint",
            "dev.hubbub.websocket.JettyFrameSink",
            "dev.hubbub.websocket.Visitor",
            "dev.hubbub.access.Pace",
            "dev.hubbub.access.Caps$Place",
            "dev.hubbub.protocol.ConnectionId",
            "dev.hubbub.session.Identity",
            "dev.hubbub.cluster.InMemoryPresenceStore$Entry",
            "dev.hubbub.cluster.InMemoryRoomBus$Topic",
            "org.eclipse.jetty.ee11.websocket.jakarta.common.JakartaWebSocketSession",
            "org.eclipse.jetty.websocket.core.WebSocketCoreSession");

    @Test
    void nothingIsLeftBehind() throws Exception {
        try (Node node = Node.start(
                "-Dhubbub.limits.enabled=false",
                "-Dhubbub.room.linger=PT1S",
                "-Dhubbub.presence.grace=PT0S",
                "-Dhubbub.namespace.default.history-size=0")) {
            churn(node, 5, 0);
            List<RawWebSocket> few = open(node, 5);
            int threads = threads(node);
            few.forEach(s -> s.close(1000));
            List<RawWebSocket> many = open(node, 500);
            assertThat(threads(node)).isLessThanOrEqualTo(threads + 16);
            many.forEach(RawWebSocket::reset);
            for (int round = 0; round < ROUNDS; round++) {
                churn(node, AT_ONCE, round);
            }
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofSeconds(2))
                    .untilAsserted(() -> {
                        String histogram = jcmd(node, "GC.class_histogram");
                        for (String type : PER_CONNECTION) {
                            assertThat(instances(histogram, type)).as(type).isLessThanOrEqualTo(5);
                        }
                    });
        }
    }

    /** What is only held weakly goes with each collection: no handshake may hang on it. */
    @Test
    void noHandshakeFailsWhileMemoryIsCollected() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(COLLECTED_AT_ONCE);
        try (Node node = Node.start("-Dhubbub.limits.enabled=false")) {
            List<CompletableFuture<Void>> opening = IntStream.range(0, COLLECTED_AT_ONCE)
                    .mapToObj(i -> CompletableFuture.runAsync(() -> churn(node, i), threads))
                    .toList();
            CompletableFuture<Void> all = CompletableFuture.allOf(opening.toArray(CompletableFuture[]::new));
            while (!all.isDone()) {
                jcmd(node, "GC.run");
            }
            assertThat(all).as(node::log).isCompleted(); // a handshake that is refused throws
        } finally {
            threads.shutdown();
        }
    }

    /** However much it says: of a method handle that is called often the JVM makes a class of its own. */
    @Test
    void noConnectionHasAClassOfItsOwn() throws Exception {
        try (Node node = Node.start("-Dhubbub.limits.enabled=false")) {
            talk(node, 10); // whose classes are not loaded yet
            long before = classes(node);
            talk(node, TALKERS);
            assertThat(classes(node) - before).isLessThan(TALKERS / 2);
        }
    }

    private static void talk(Node node, int talkers) {
        List<RawWebSocket> sockets = open(node, talkers);
        for (RawWebSocket socket : sockets) {
            for (int i = 0; i < OFTEN; i++) {
                socket.raw(frame(FIN | PONG, ""));
                socket.tell("ping", "{}");
            }
        }
        sockets.forEach(socket -> socket.request("ping", "{}")); // all before it is read
        sockets.forEach(socket -> socket.close(1000));
    }

    private static long classes(Node node) throws IOException, InterruptedException {
        return jcmd(node, "PerfCounter.print")
                .lines()
                .filter(line -> line.startsWith("java.cls.loadedClasses="))
                .mapToLong(line -> Long.parseLong(line.split("=")[1]))
                .sum();
    }

    private static void churn(Node node, int first) {
        for (int round = 0; round < COLLECTED_ROUNDS; round++) {
            churn(node, COLLECTED, first + round);
        }
    }

    private static List<RawWebSocket> open(Node node, int count) {
        List<RawWebSocket> sockets = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            RawWebSocket socket = RawWebSocket.open(node);
            socket.join("room" + i % 10);
            sockets.add(socket);
        }
        return sockets;
    }

    /** Opens so many connections, and ends them in different ways. */
    private static void churn(Node node, int count, int round) {
        List<RawWebSocket> sockets = open(node, count);
        for (int i = 0; i < count; i++) {
            RawWebSocket socket = sockets.get(i);
            switch ((i + round) % 4) {
                case 0 -> socket.close(1000);
                case 1 -> socket.reset();
                case 2 -> socket.raw(new byte[] {0x7f, 0x7f});
                default -> socket.close();
            }
        }
        sockets.forEach(RawWebSocket::close);
    }

    private static long instances(String histogram, String type) {
        return histogram
                .lines()
                .map(String::trim)
                .map(l -> l.split("\\s+"))
                .filter(l -> l.length >= 4 && l[3].equals(type))
                .mapToLong(l -> Long.parseLong(l[1]))
                .sum();
    }

    private static int threads(Node node) throws IOException, InterruptedException {
        return (int) jcmd(node, "Thread.print")
                .lines()
                .filter(l -> l.startsWith("\""))
                .count();
    }

    private static String jcmd(Node node, String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(node.pid()),
                        command)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
