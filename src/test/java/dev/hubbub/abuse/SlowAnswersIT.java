package dev.hubbub.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.support.Api;
import dev.hubbub.support.Node;
import dev.hubbub.support.Nodes;
import dev.hubbub.support.RawWebSocket;
import dev.hubbub.support.RedisServer;
import dev.hubbub.support.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers that nobody reads. */
class SlowAnswersIT {
    private static final int THREADS = 12;
    private static final int MESSAGES = 500; // more than a kernel takes for a reader
    private static final int MESSAGE_BYTES = 15_000;
    private static final int LARGE = MESSAGES * MESSAGE_BYTES;
    /** Where answers hold threads, whoever comes waits a minute. */
    private static final Duration SAFETY = Duration.ofSeconds(20);

    private final String messages = "/api/v1/rooms/" + Nodes.room("large") + "/messages";
    private final List<Wire> wires = new ArrayList<>();

    @AfterEach
    void close() {
        wires.forEach(Wire::close);
    }

    /** A node with a history that is a large answer. */
    private Node node(String... options) {
        Node node = Node.start(options);
        String large = "{\"payload\":\"" + "x".repeat(MESSAGE_BYTES) + "\"}";
        for (int i = 0; i < MESSAGES; i++) {
            assertThat(Api.post(node, messages, large).status()).isBetween(200, 299);
        }
        return node;
    }

    private static byte[] get(String path, String... headers) {
        return ("GET " + path + " HTTP/1.1\r\nHost: here\r\n" + String.join("", headers) + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Whose kernel takes few bytes. */
    private Wire wire(Node node, String from) {
        Wire wire = new Wire(node.port(), 4_096, from);
        wires.add(wire);
        return wire;
    }

    private Wire askForMuch(Node node, String from, String... headers) {
        Wire wire = wire(node, from);
        assertThat(wire.write(get(messages + "?limit=" + MESSAGES, headers))).isTrue();
        return wire;
    }

    /** Somebody anonymous of an address. */
    private int statusFor(Node node, String from) {
        return askForMuch(node, from, token(node, from)).head(SAFETY).status();
    }

    private static String token(Node node, String from) {
        try (RawWebSocket socket = RawWebSocket.openFrom(node, from, "/ws")) {
            return "Authorization: Bearer " + socket.anon() + "\r\n";
        }
    }

    private static void assertServes(Node node) {
        long begun = System.nanoTime();
        assertThat(Api.get(node, "/healthz").status()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SAFETY);
    }

    private static void skipBody(Wire wire) {
        for (int size = chunk(wire); size > 0; size = chunk(wire)) {
            assertThat(wire.await(size + 2, Wire.deadline(SAFETY))).isTrue();
            wire.take(size + 2);
        }
        assertThat(wire.await(2, Wire.deadline(SAFETY))).isTrue();
        wire.take(2);
    }

    /** How large the next chunk is. */
    private static int chunk(Wire wire) {
        StringBuilder line = new StringBuilder();
        while (line.indexOf("\r\n") < 0) {
            assertThat(wire.await(1, Wire.deadline(SAFETY))).isTrue();
            line.append((char) wire.take(1)[0]);
        }
        return Integer.parseInt(line.substring(0, line.length() - 2), 16);
    }

    /** More of them than the container has threads, each of which is known later than it was asked for. */
    @Test
    void whoDoesNotReadAnAnswerHoldsNoThreadAndGetsAllOfItLater() {
        try (RedisServer redis = RedisServer.start();
                Node node = node(
                        "-Dhubbub.redis=" + redis.url(),
                        "-Djetty.threadPool.maxThreads=" + THREADS,
                        "-Dhubbub.limits.answer-bytes=1000000000",
                        "-Dhubbub.limits.answer-bytes-per-user=1000000000")) {
            for (int i = 0; i < 3 * THREADS; i++) {
                assertThat(askForMuch(node, "127.0.0.1").head(SAFETY).status()).isEqualTo(200);
            }
            assertServes(node);
            wires.subList(1, THREADS).forEach(Wire::reset);
            Wire slow = wires.get(0);
            assertThat(slow.write(get(messages + "?limit=1"))).isTrue();
            skipBody(slow);
            assertThat(slow.head(SAFETY).status())
                    .as("what was asked behind it")
                    .isEqualTo(200);
            wires.forEach(Wire::reset);
            Awaitility.await().until(() -> Api.metric(node, "hubbub_answers_bytes", "") == 0);
        }
    }

    @Test
    void ofOneAddressSoMuchMayBeUnreadAndOfAllUsersHalf() {
        try (Node node = node(
                "-Dhubbub.limits.answer-bytes-per-user=" + (LARGE + LARGE / 2),
                "-Dhubbub.limits.answer-bytes=" + 5 * LARGE)) {
            Wire first = askForMuch(node, "127.0.0.2", token(node, "127.0.0.2"));
            assertThat(first.head(SAFETY).status()).isEqualTo(200);
            assertThat(Api.metric(node, "hubbub_answers_bytes", "")).isBetween((long) LARGE, 2L * LARGE);
            Wire.Head refused =
                    askForMuch(node, "127.0.0.2", token(node, "127.0.0.2")).head(SAFETY);
            assertThat(refused.status()).isEqualTo(429);
            assertThat(Integer.parseInt(refused.headers().get("retry-after"))).isPositive();
            assertThat(Api.metric(node, "hubbub_refused", "\"user_answers\"")).isEqualTo(1);
            assertThat(statusFor(node, "127.0.0.3")).isEqualTo(200);
            assertThat(statusFor(node, "127.0.0.4")).isEqualTo(503);
            assertThat(Api.metric(node, "hubbub_refused", "\"answers\"")).isEqualTo(1);
            assertThat(askForMuch(node, "127.0.0.2").head(SAFETY).status())
                    .as("a backend, as whoever asks without credentials is in development mode")
                    .isEqualTo(200);
            skipBody(first);
            Awaitility.await().until(() -> Api.metric(node, "hubbub_answers_bytes", "") < 3L * LARGE);
            assertThat(statusFor(node, "127.0.0.2")).isEqualTo(200);
        }
    }

    @Test
    void whatIsNotReadInTimeIsCutOff() {
        try (Node node = node("-Dhubbub.limits.answer-time=PT1S")) {
            Wire wire = askForMuch(node, "127.0.0.1");
            assertThat(wire.head(SAFETY).status()).isEqualTo(200);
            Awaitility.await().until(() -> Api.metric(node, "hubbub_refused", "\"answer_time\"") == 1);
            assertThat(Api.metric(node, "hubbub_answers_bytes", "")).isZero();
            assertThat(wire.await(LARGE, Wire.deadline(SAFETY))).isFalse();
        }
    }

    /** Of each kind of small answer more are asked for at once than a kernel keeps. */
    @Test
    void smallAnswersThatNobodyReadsHoldNoThreadEither() {
        try (Node node =
                Node.start("-Djetty.threadPool.maxThreads=" + THREADS, "-Djetty.http.acceptedSendBufferSize=4096")) {
            for (String path : List.of(
                    "/",
                    "/client/hubbub.js",
                    "/favicon.svg",
                    "/client",
                    "/nothing",
                    "/metrics",
                    "/healthz",
                    "/WEB-INF/none",
                    "/events",
                    "/api/v1/nodes",
                    "/api/v1/rooms/x:1/messages")) {
                for (int i = 0; i < THREADS; i++) {
                    Wire wire = wire(node, "127.0.0.1");
                    for (int more = 0; more < 200; more++) {
                        wire.write(get(path));
                    }
                }
                assertServes(node);
            }
        }
    }
}
