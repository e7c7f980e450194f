package dev.hubbub.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.support.Api;
import dev.hubbub.support.EventStream;
import dev.hubbub.support.Node;
import dev.hubbub.support.Nodes;
import dev.hubbub.support.RawWebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Limits, heartbeat and write deadline of a node that is impatient. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LimitsIT {
    private static final byte[] SIGN_OF_LIFE = RawWebSocket.frame(RawWebSocket.FIN | RawWebSocket.PONG, "");
    private static final String LARGE = "{\"payload\":\"" + "x".repeat(16_000) + "\"}";
    /** So many of them are more than the kernel's buffers hold, and less than a log. */
    private static final int STREAMED = 450;

    private static final Node node = Nodes.impatient();
    /** Readers that stopped for good; from the start, so that nobody waits for the time that they have. */
    private static EventStream deadStream;

    private static RawWebSocket deadSocket;

    @BeforeAll
    static void start() {
        deadStream = EventStream.openNarrow(node, "presence=off&room=chat:dead");
        deadSocket = RawWebSocket.openNarrow(node);
        deadSocket.join("chat:dead", ",\"presence\":\"off\"");
        deadStream.next("room.joined");
        fill(deadSocket, "chat:dead");
    }

    @AfterAll
    static void stop() {
        deadStream.close();
        deadSocket.close();
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
    void whatIsNotKnownIsAMessageToo() {
        try (RawWebSocket socket = RawWebSocket.open(node)) {
            for (int i = 0; i < 90; i++) {
                socket.ask("room.dance", "{}");
            }
            assertThat(socket.end().code()).isEqualTo(4204);
            List<String> codes = socket.all().stream()
                    .map(f -> f.at("/data/code").asText())
                    .filter(code -> !code.isEmpty())
                    .toList();
            assertThat(codes.subList(0, 20)).containsOnly("UNIMPLEMENTED");
            assertThat(codes).contains("RESOURCE_EXHAUSTED");
        }
    }

    /** What it sends meanwhile waits in its own buffers, and costs nobody else anything. */
    @Test
    void whoeverIsRefusedIsReadOnAfterAPause() {
        try (RawWebSocket socket = RawWebSocket.open(node)) {
            long begun = System.nanoTime();
            String last = "";
            for (int i = 0; i < 45; i++) {
                last = socket.ask("ping", "{}");
            }
            socket.answer(last);
            long tookMs = (System.nanoTime() - begun) / 1_000_000;
            long refused = socket.all().stream()
                    .filter(f -> f.get("type").asText().equals("error"))
                    .count();
            assertThat(refused).isPositive();
            assertThat(tookMs).isGreaterThanOrEqualTo(10 * (refused - 1));
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
            awaitGivenUp(stalled);
            assertThat(stalled.end().code()).isEqualTo(4201);
        }
    }

    @Test
    void policyDisconnectIs4201() {
        try (RawWebSocket stalled = RawWebSocket.openNarrow(node)) {
            stalled.join("cut:stall", ",\"presence\":\"off\"");
            fill(stalled, "cut:stall");
            awaitGivenUp(stalled);
            assertThat(stalled.end().code()).isEqualTo(4201);
        }
    }

    /** Last, so that the others fill its time. */
    @Order(Integer.MAX_VALUE)
    @Test
    void whoNeverReadsAgainIsCutOff() {
        // each has ten seconds, after its end, for what was on its way
        Awaitility.await().atMost(Duration.ofSeconds(15)).until(() -> !deadSocket.raw(SIGN_OF_LIFE));
        Awaitility.await().atMost(Duration.ofSeconds(15)).until(() -> !deadStream.raw(SIGN_OF_LIFE));
    }

    @Test
    void streamThatIsNotReadIs4201AndNobodyElseWaits() {
        String room = "stream:stall";
        long before = Api.metric(node, "hubbub_closed", "\"4201\"");
        try (EventStream stalled = EventStream.openNarrow(node, "presence=off&room=" + room);
                EventStream reading = EventStream.open(node, "presence=off&room=" + room);
                RawWebSocket socket = RawWebSocket.open(node)) {
            stalled.next("room.joined");
            reading.next("room.joined");
            socket.join(room, ",\"presence\":\"off\"");
            for (int seq = 1; seq <= STREAMED; seq++) {
                assertThat(Api.post(node, "/api/v1/rooms/" + room + "/messages", LARGE)
                                .status())
                        .isEqualTo(201);
                assertThat(socket.message(room).get("seq").asInt()).isEqualTo(seq);
                assertThat(reading.next("room.published").content().get("seq").asInt())
                        .isEqualTo(seq);
                socket.raw(SIGN_OF_LIFE);
            }
            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> Api.metric(node, "hubbub_closed", "\"4201\"") > before);
            assertThat(Api.metric(node, "hubbub_closed", "\"4201\"")).isEqualTo(before + 1);
            readAgain(stalled, room);
        }
    }

    /** It is told why it ended, behind what was on its way, and goes on where that was. */
    private static void readAgain(EventStream stream, String room) {
        int seq = 0;
        String cursor = "";
        EventStream.Event event = stream.next();
        while (!"session.closed".equals(event.event())) {
            assertThat(event.content().get("seq").asInt()).isEqualTo(++seq);
            cursor = event.id();
            event = stream.next();
        }
        assertThat(seq).isBetween(1, STREAMED - 1);
        assertThat(event.content().get("code").asInt()).isEqualTo(4201);
        assertThat(event.content().get("reconnect").asBoolean()).isTrue();
        assertThat(event.id()).isNull();
        assertThat(stream.ends(Duration.ofSeconds(5))).isTrue();
        try (EventStream back = EventStream.open(node, "presence=off&room=" + room, "Last-Event-ID: " + cursor)) {
            assertThat(back.next("room.joined").content().get("replayed").asInt())
                    .isEqualTo(STREAMED - seq);
            while (seq < STREAMED) {
                assertThat(back.next("room.published").content().get("seq").asInt())
                        .isEqualTo(++seq);
            }
        }
    }

    /** Publishes more than the kernel's buffers hold to a reader that gives signs of life. */
    private static void fill(RawWebSocket stalled, String room) {
        for (int i = 0; i < 700; i++) {
            assertThat(Api.post(node, "/api/v1/rooms/" + room + "/messages", LARGE)
                            .status())
                    .isEqualTo(201);
            stalled.raw(SIGN_OF_LIFE);
        }
    }

    private static void awaitGivenUp(RawWebSocket stalled) {
        Awaitility.await().atMost(Duration.ofSeconds(15)).until(() -> {
            stalled.raw(SIGN_OF_LIFE);
            return Api.get(node, "/api/v1/connections/" + stalled.conn()).status() == 404;
        });
    }
}
