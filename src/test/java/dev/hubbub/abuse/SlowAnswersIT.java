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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers that nobody reads. */
class SlowAnswersIT {
    private static final int THREADS = 12;
    private static final int MESSAGES = 500; // more than a kernel takes for a reader
    private static final int MESSAGE_BYTES = 15_000;
    private static final int LARGE = MESSAGES * MESSAGE_BYTES;
    private static final int AT_ONCE = 200;
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

    /** A batch of which the answer is a large one. */
    private Wire.Head publishMany(Node node, String from) {
        String body = "{\"rooms\":["
                + IntStream.range(0, 100).mapToObj(i -> "\"batch:" + i + "\"").collect(Collectors.joining(","))
                + "],\"payload\":1}";
        Wire wire = wire(node, from);
        wire.write(("POST /api/v1/messages HTTP/1.1\r\nHost: here\r\n" + token(node, from)
                        + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII));
        return wire.head(SAFETY);
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

    /** The status of the next answer, of which all is read. */
    private static int readAnswer(Wire wire) {
        Wire.Head head = wire.head(SAFETY);
        skipBody(wire, head);
        return head.status();
    }

    private static void skipBody(Wire wire, Wire.Head head) {
        int length = Integer.parseInt(head.headers().getOrDefault("content-length", "0"));
        assertThat(wire.await(length, Wire.deadline(SAFETY))).isTrue();
        wire.take(length);
    }

    /** More of them than the container has threads, each of which is known later than it was asked for. */
    @Test
    void whoDoesNotReadAnAnswerHoldsNoThreadAndGetsAllOfItLater() {
        try (RedisServer redis = RedisServer.start();
                Node node = node(
                        "-Dhubbub.redis=" + redis.url(),
                        "-Djetty.threadPool.maxThreads=" + THREADS,
                        "-Djetty.http.idleTimeout=600000",
                        "-Dhubbub.limits.answer-time=PT10M",
                        "-Dhubbub.limits.answer-bytes=1000000000",
                        "-Dhubbub.limits.answer-bytes-per-user=1000000000")) {
            List<Wire.Head> heads = new ArrayList<>();
            for (int i = 0; i < 3 * THREADS; i++) {
                heads.add(askForMuch(node, "127.0.0.1").head(SAFETY));
            }
            assertThat(heads).allSatisfy(head -> assertThat(head.status()).isEqualTo(200));
            assertServes(node);
            wires.subList(1, THREADS).forEach(Wire::reset);
            Wire slow = wires.get(0);
            assertThat(slow.write(get(messages + "?limit=1"))).isTrue();
            skipBody(slow, heads.get(0));
            assertThat(readAnswer(slow)).as("what was asked behind it").isEqualTo(200);
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
            Wire.Head head = first.head(SAFETY);
            assertThat(head.status()).isEqualTo(200);
            assertThat(Api.metric(node, "hubbub_answers_bytes", "")).isBetween((long) LARGE, 2L * LARGE);
            Wire.Head refused =
                    askForMuch(node, "127.0.0.2", token(node, "127.0.0.2")).head(SAFETY);
            assertThat(refused.status()).isEqualTo(429);
            assertThat(Integer.parseInt(refused.headers().get("retry-after"))).isPositive();
            assertThat(Api.metric(node, "hubbub_refused", "\"user_answers\"")).isEqualTo(1);
            assertThat(publishMany(node, "127.0.0.2").status())
                    .as("what was done is told")
                    .isEqualTo(200);
            assertThat(statusFor(node, "127.0.0.3")).isEqualTo(200);
            assertThat(statusFor(node, "127.0.0.4")).isEqualTo(503);
            assertThat(Api.metric(node, "hubbub_refused", "\"answers\"")).isEqualTo(1);
            assertThat(askForMuch(node, "127.0.0.2").head(SAFETY).status())
                    .as("a backend, as whoever asks without credentials is in development mode")
                    .isEqualTo(200);
            skipBody(first, head);
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
            Wire.Got got;
            do {
                wire.take(wire.available());
                got = wire.fill(Wire.deadline(SAFETY));
            } while (got == Wire.Got.BYTES);
            assertThat(got).isEqualTo(Wire.Got.END);
        }
    }

    /** Of each kind of small answer more are asked for at once than a kernel keeps. */
    @Test
    void smallAnswersThatNobodyReadsHoldNoThreadEither() {
        try (Node node =
                Node.start("-Djetty.threadPool.maxThreads=" + THREADS, "-Djetty.http.acceptedSendBufferSize=4096")) {
            List<Wire> read = new ArrayList<>();
            for (String path : List.of(
                    "/",
                    "/client/hubbub.js",
                    "/favicon.svg",
                    "/client",
                    "/nothing",
                    "/metrics",
                    "/healthz",
                    "/WEB-INF/none",
                    "/events?x=%FF",
                    "/api/v1/nodes",
                    "/api/v1/rooms/x:1/messages")) {
                for (int i = 0; i < THREADS; i++) {
                    Wire wire = wire(node, "127.0.0.1");
                    for (int more = 0; more < AT_ONCE; more++) {
                        wire.write(get(path));
                    }
                }
                read.add(wires.get(wires.size() - 1));
                assertServes(node);
            }
            for (Wire wire : read) {
                int status = readAnswer(wire);
                for (int more = 1; more < AT_ONCE; more++) {
                    assertThat(readAnswer(wire)).isEqualTo(status);
                }
            }
            assertServes(node);
            String later = "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT";
            assertThat(Api.get(node, "/", later.split(": ", 2)).status()).isEqualTo(304);
            Wire wire = wire(node, "127.0.0.1");
            wire.write("GET / HTTP/1.1\r\nno header\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            Wire.Head head = wire.head(SAFETY);
            assertThat(head.status()).isEqualTo(400);
            assertThat(Integer.parseInt(head.headers().get("content-length")))
                    .as("it is told why")
                    .isPositive();
            assertThat(Api.get(node, "/metrics").response().headers().map().keySet())
                    .noneMatch(name -> name.startsWith("access-control-"));
            assertThat(node.log()).doesNotContain("WARN");
        }
    }
}
