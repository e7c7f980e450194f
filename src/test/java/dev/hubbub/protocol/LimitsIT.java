package dev.hubbub.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.support.Api;
import dev.hubbub.support.EventStream;
import dev.hubbub.support.Node;
import dev.hubbub.support.RawWebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Limits, heartbeat and write deadline of a node that is impatient. */
class LimitsIT {
    private static final byte[] SIGN_OF_LIFE = RawWebSocket.frame(RawWebSocket.FIN | RawWebSocket.PONG, "");
    private static Node node;

    @BeforeAll
    static void start() {
        node = Node.start(
                "-Dhubbub.limits.rooms-per-connection=5",
                "-Dhubbub.limits.joins-per-second=10000",
                "-Dhubbub.limits.connections-per-user=3",
                "-Dhubbub.limits.refusals-per-minute=30",
                "-Dhubbub.heartbeat.ping=PT1S",
                "-Dhubbub.heartbeat.silence=PT6S",
                "-Dhubbub.delivery.write-deadline=PT2S",
                "-Dhubbub.limits.queued-replies=16",
                "-Dhubbub.namespace.cut.overflow=disconnect",
                "-Dhubbub.namespace.cut.history-size=100");
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void tooManyMessagesAreRefusedWithATimeThenClosed() {
        try (RawWebSocket socket = RawWebSocket.open(node)) {
            for (int i = 0; i < 30; i++) {
                socket.ask("ping", "{}");
            }
            JsonNode error = socket.next(f -> f.get("type").asText().equals("error"), "error")
                    .get("data");
            assertThat(error.get("code").asText()).isEqualTo("RESOURCE_EXHAUSTED");
            assertThat(error.get("retryAfterMs").asInt()).isBetween(1, 2000);
            assertThat(socket.all().stream()
                            .filter(f -> f.get("type").asText().equals("pong"))
                            .count())
                    .isGreaterThanOrEqualTo(20);
            for (int i = 0; i < 60; i++) {
                socket.ask("ping", "{}");
            }
            assertThat(socket.end().code()).isEqualTo(4204);
        }
    }

    @Test
    void onlySoManyRoomsAndTheOwnRoomDoesNotCount() {
        try (RawWebSocket socket = RawWebSocket.open(node)) {
            for (int i = 0; i < 5; i++) {
                socket.join("r" + i);
            }
            assertThat(socket.fails("room.join", "{\"room\":\"r5\"}")
                            .get("code")
                            .asText())
                    .isEqualTo("RESOURCE_EXHAUSTED");
            socket.join("user:" + socket.user());
            socket.ok("room.leave", "{\"room\":\"r0\"}");
        }
        try (RawWebSocket socket = RawWebSocket.open(node)) {
            for (int i = 0; i < 4; i++) {
                socket.join("r" + i);
            }
            socket.ok("room.leave", "{\"room\":\"r0\"}");
            socket.join("r4");
        }
    }

    @Test
    void connectionsPerUserAre429BeforeTheUpgrade() {
        List<RawWebSocket> open = new ArrayList<>();
        try (RawWebSocket first = RawWebSocket.open(node).answeringPings()) {
            open.add(first.another(node));
            open.add(first.another(node));
            try (RawWebSocket fourth = RawWebSocket.handshake(node, "/ws?anon=" + first.anon());
                    EventStream stream = EventStream.open(node, "room=a&anon=" + first.anon())) {
                assertThat(fourth.status()).isEqualTo(429);
                assertThat(Integer.parseInt(fourth.headers().get("retry-after")))
                        .isPositive();
                assertThat(fourth.problem().get("code").asText()).isEqualTo("RESOURCE_EXHAUSTED");
                assertThat(fourth.problem().get("retryAfterMs").asInt()).isPositive();
                assertThat(fourth.problem().get("title").asText()).isEqualTo("Too Many Requests");
                assertThat(stream.status()).isEqualTo(429);
            }
            // a place that is given back is there again
            open.get(0).close(1000);
            open.add(first.another(node));
        } finally {
            open.forEach(RawWebSocket::close);
        }
    }

    @Test
    void silenceIs4202AndPingsCome() {
        try (RawWebSocket silent = RawWebSocket.open(node);
                RawWebSocket alive = RawWebSocket.open(node).answeringPings()) {
            assertThat(silent.opened().get("pingMs").asInt()).isEqualTo(1000);
            // the living one answers pings for longer than the silence that ends the other
            long until = System.nanoTime() + 8_000_000_000L;
            while (System.nanoTime() < until) {
                RawWebSocket.Frame frame = alive.read(Duration.ofNanos(until - System.nanoTime()));
                assertThat(frame == null || frame.opcode() == RawWebSocket.PING).isTrue();
            }
            assertThat(silent.end().code()).isEqualTo(4202);
            assertThat(silent.pings()).isGreaterThanOrEqualTo(2);
            alive.barrier();
        }
    }

    @Test
    void readerThatStopsIs4201() {
        try (RawWebSocket stalled = RawWebSocket.openNarrow(node)) {
            stalled.join("chat:stall", ",\"presence\":\"off\"");
            fill(stalled, "chat:stall");
            assertThat(stalled.end().code()).isEqualTo(4201);
        }
    }

    @Test
    void policyDisconnectIs4201() {
        try (RawWebSocket stalled = RawWebSocket.openNarrow(node)) {
            stalled.join("cut:stall", ",\"presence\":\"off\"");
            fill(stalled, "cut:stall");
            assertThat(stalled.end().code()).isEqualTo(4201);
        }
    }

    /** Publishes more than the kernel's buffers hold to a reader that gives signs of life, until it is given up. */
    private static void fill(RawWebSocket stalled, String room) {
        String payload = "{\"payload\":\"" + "x".repeat(16_000) + "\"}";
        for (int i = 0; i < 700; i++) {
            assertThat(Api.post(node, "/api/v1/rooms/" + room + "/messages", payload)
                            .status())
                    .isEqualTo(201);
            stalled.raw(SIGN_OF_LIFE);
        }
        Awaitility.await().atMost(Duration.ofSeconds(15)).until(() -> {
            stalled.raw(SIGN_OF_LIFE);
            return Api.get(node, "/api/v1/connections/" + stalled.conn()).status() == 404;
        });
    }
}
