package dev.hubbub.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.support.Api;
import dev.hubbub.support.Node;
import dev.hubbub.support.RawWebSocket;
import io.github.bucket4j.Bucket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A node of little memory, and company on it. */
record Abused(Node node, Company company) implements AutoCloseable {
    private static final int HEAP_MB = 128;
    /** What a JVM has beside its heap: code, classes, threads, and as much again in direct buffers. */
    private static final long BESIDE_MB = HEAP_MB + 250;

    static Abused start(String... options) {
        List<String> all = new ArrayList<>();
        // what a node has by itself, and nodes of other tests have not; the last of two wins
        all.add("-Dhubbub.limits.handshakes-per-second=10");
        all.add("-Dhubbub.limits.handshakes-burst=20");
        all.add("-Dhubbub.limits.node-handshakes-per-second=500");
        all.add("-Dhubbub.limits.node-handshakes-burst=1000");
        all.addAll(List.of(options));
        Node node = Node.startWithHeap(HEAP_MB, all.toArray(String[]::new));
        settle(node, Integer.getInteger("abuse.settle", 0));
        return new Abused(node, new Company(node));
    }

    /** So many connections come and go, as fast as a node lets them: what they need is compiled then. */
    private static void settle(Node node, int connections) {
        Bucket pace = Bucket.builder()
                .addLimit(l -> l.capacity(1).refillGreedy(450, Duration.ofSeconds(1)))
                .build();
        for (int i = 0; i < connections; i++) {
            pace.asBlocking().consumeUninterruptibly(1);
            try (RawWebSocket socket = open(node, 100, i % 10_000)) {
                String room = "{\"room\":\"settled:" + i % 50 + "\"}";
                socket.answer(socket.ask("room.join", room));
                socket.answer(socket.ask("room.leave", room));
            }
        }
    }

    /** A client of an address that nobody else has. */
    RawWebSocket open(int network, int client) {
        return open(node, network, client);
    }

    private static RawWebSocket open(Node node, int network, int client) {
        return RawWebSocket.openFrom(node, "127." + network + "." + client / 200 + "." + (client % 200 + 1), "/ws");
    }

    long refused(String reason) {
        return Api.metric(node, "hubbub_refused", "\"" + reason + "\"");
    }

    long closed(int code) {
        return Api.metric(node, "hubbub_closed", "\"" + code + "\"");
    }

    /** It lives, within its memory, and has not said much. */
    void assertWell() {
        assertThat(node.process().isAlive()).as(node.log()).isTrue();
        assertThat(residentMb()).isLessThan(HEAP_MB + BESIDE_MB);
        assertThat(node.log()).doesNotContain("OutOfMemoryError").doesNotContain(" ERROR ");
        assertThat(node.log().lines().filter(line -> line.contains("refused "))).hasSizeLessThan(100 * InRounds.COUNT);
    }

    private long residentMb() {
        try {
            return Files.readAllLines(Path.of("/proc/" + node.pid() + "/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        company.close();
        node.close();
    }
}
