package dev.hubbub.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.support.Api;
import dev.hubbub.support.Node;
import dev.hubbub.support.RawWebSocket;
import dev.hubbub.support.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** More bodies than the container has threads trickle in, and whoever sends them waits alone. */
class SlowBodiesIT {
    private static final Duration WITHIN = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** Where bodies hold threads, whoever comes waits a minute. */
    private static final Duration SAFETY = Duration.ofSeconds(5);

    private static final int EACH = 50;
    private static final String ROOM = "slow:1";
    private static final String MESSAGES = "/api/v1/rooms/" + ROOM + "/messages";
    private static Node node;

    @BeforeAll
    static void start() {
        node = Sites.start("-Dhubbub.limits.body-time=" + WITHIN, "-Dhubbub.limits.batches=1");
    }

    @AfterAll
    static void stop() {
        Sites.stop(node);
    }

    /** What is sent of a request at once, and how it ends. */
    private record Slow(String path, String kind, boolean known, String more, int status) {
        private static final String JSON = "application/json";
        private static final String FORM = "application/x-www-form-urlencoded";

        static List<Slow> all() {
            return List.of(
                    new Slow(MESSAGES, JSON, true, "", 408),
                    new Slow("/api/v1/messages", JSON, true, "", 408),
                    new Slow(MESSAGES, FORM, true, "", 415),
                    new Slow(MESSAGES, JSON, false, "", 401),
                    new Slow(MESSAGES, FORM, false, "", 401),
                    new Slow("/ws", FORM, false, "Upgrade: websocket\r\nConnection: Upgrade\r\n", 401));
        }

        Wire begin(String token) {
            Wire wire = new Wire(node.port(), 0);
            write(
                    wire,
                    "POST " + path + " HTTP/1.1\r\nHost: here\r\nContent-Type: " + kind
                            + "\r\nContent-Length: 16000\r\n" + (known ? Issuer.bearer(token) + "\r\n" : "") + more
                            + "\r\n{\"payload\":\"");
            return wire;
        }
    }

    private static boolean write(Wire wire, String text) {
        return wire.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Writes on, more than the least rate of which containers know, until nobody listens any more. */
    private static void trickle(List<Wire> wires, CountDownLatch ended) {
        List<Wire> open = new ArrayList<>(wires);
        try {
            while (!ended.await(100, TimeUnit.MILLISECONDS)) {
                open.removeIf(wire -> !write(wire, "x".repeat(25)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The first of each takes longer, in a fresh node and a fresh client. */
    private static List<Runnable> ways(String token) {
        String[] header = {"Authorization", "Bearer " + token};
        return List.of(
                () -> {
                    try (RawWebSocket socket = RawWebSocket.open(node, "/ws", Issuer.bearer(token))) {
                        socket.barrier();
                    }
                },
                () -> assertThat(Api.get(node, MESSAGES, header).status()).isEqualTo(200),
                () -> assertThat(Api.post(node, MESSAGES, "{\"payload\":1}", header)
                                .status())
                        .isEqualTo(201));
    }

    private static void assertServed(String token) {
        for (Runnable way : ways(token)) {
            long begun = System.nanoTime();
            way.run();
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SAFETY);
        }
    }

    @Test
    void whoSendsSlowlyHoldsNoThreadAndIs408() {
        String token = Issuer.token("ann", ROOM, Issuer.ALL);
        String slow = Issuer.token("mallory", ROOM, Issuer.ALL);
        ways(token).forEach(Runnable::run);
        long late = Api.metric(node, "hubbub_refused", "\"body_time\"");
        Map<Wire, Slow> wires = new HashMap<>();
        for (Slow each : Slow.all()) {
            for (int i = 0; i < EACH; i++) {
                wires.put(each.begin(slow), each);
            }
        }
        long begun = System.nanoTime();
        CountDownLatch ended = new CountDownLatch(1);
        List<Wire> all = new ArrayList<>(wires.keySet());
        CompletableFuture<Void> trickling = CompletableFuture.runAsync(() -> trickle(all, ended));
        try {
            do {
                assertServed(token);
            } while (System.nanoTime() - begun < WITHIN.toNanos());
            wires.forEach((wire, each) ->
                    assertThat(wire.head(PATIENCE).status()).as(each.toString()).isEqualTo(each.status()));
        } finally {
            ended.countDown();
            trickling.join();
            wires.keySet().forEach(Wire::close);
        }
        assertThat(Api.metric(node, "hubbub_refused", "\"body_time\"")).isEqualTo(late + 2 * EACH);
    }

    @Test
    void oneThatIsLateIsAProblemAndItsConnectionEnds() {
        try (Wire wire = Slow.all().get(0).begin(Issuer.token("mallory", ROOM, Issuer.ALL))) {
            Wire.Head head = wire.head(PATIENCE);
            assertThat(head.status()).isEqualTo(408);
            assertThat(head.headers())
                    .containsEntry("connection", "close")
                    .containsEntry("content-type", "application/problem+json");
            int length = Integer.parseInt(head.headers().get("content-length"));
            assertThat(wire.await(length, Wire.deadline(PATIENCE))).isTrue();
            assertThat(new String(wire.take(length), StandardCharsets.UTF_8))
                    .contains("\"title\":\"Request Timeout\"", "INVALID_ARGUMENT");
            assertThat(wire.fill(Wire.deadline(PATIENCE))).isEqualTo(Wire.Got.END);
        }
    }

    @Test
    void largeBatchesHaveSoMuchRoomAndNoMore() {
        String token = Issuer.token("ann", ROOM, Issuer.ALL);
        String head = "POST /api/v1/messages HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n"
                + Issuer.bearer(token) + "\r\nContent-Length: ";
        String message = "{\"room\":\"" + ROOM + "\",\"payload\":\"" + "x".repeat(15_000) + "\"}";
        String batch = "{\"messages\":[" + String.join(",", Collections.nCopies(99, message)) + "]}";
        try (Wire first = new Wire(node.port(), 0)) {
            assertThat(write(first, head + batch.length() + "\r\n\r\n" + batch.substring(1)))
                    .isTrue();
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> Api.metric(node, "hubbub_batches_bytes", "") > batch.length() - 20_000);
            Api.Reply refused = batch(batch, token);
            assertThat(refused.body().get("code").asText()).isEqualTo("UNAVAILABLE");
            assertThat(refused.header("retry-after")).isNotEmpty();
            // what is no larger than a message needs none
            assertThat(batch("{\"rooms\":[\"" + ROOM + "\"],\"payload\":1}", token)
                            .status())
                    .isEqualTo(200);
            assertThat(Api.metric(node, "hubbub_refused", "\"batches\"")).isPositive();
            assertThat(first.head(PATIENCE).status()).isEqualTo(408);
        }
        assertThat(batch(batch, token).status()).as("it was given back").isEqualTo(200);
        assertThat(Api.metric(node, "hubbub_batches_bytes", "")).isZero();
    }

    private static Api.Reply batch(String body, String token) {
        return Api.post(node, "/api/v1/messages", body, "Authorization", "Bearer " + token);
    }
}
