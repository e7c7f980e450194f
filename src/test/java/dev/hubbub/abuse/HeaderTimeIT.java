package dev.hubbub.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.support.Api;
import dev.hubbub.support.EventStream;
import dev.hubbub.support.Node;
import dev.hubbub.support.RawWebSocket;
import dev.hubbub.support.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A request's line and headers have a second here; whoever is between requests, or past them, has all the time. */
class HeaderTimeIT {
    private static final Duration WITHIN = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String HEALTH = "GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n";

    private static Node node;

    @BeforeAll
    static void start() {
        node = Node.start("-Dhubbub.limits.header-time=" + WITHIN);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static void write(Wire wire, String text) {
        assertThat(wire.write(text.getBytes(StandardCharsets.US_ASCII))).isTrue();
    }

    /** Sends a byte each quarter of a second until the connection ends; says what was answered, in ms after the first. */
    private static long trickle(Wire wire, String text) {
        long begun = System.nanoTime();
        for (byte each : text.getBytes(StandardCharsets.US_ASCII)) {
            if (!wire.write(new byte[] {each})
                    || wire.fill(Wire.deadline(Duration.ofMillis(250))) != Wire.Got.NOTHING) {
                return (System.nanoTime() - begun) / 1_000_000;
            }
        }
        throw new AssertionError("the connection does not end");
    }

    private static void assertTimedOut(Wire wire, long afterMs) {
        assertThat(afterMs).isBetween(WITHIN.toMillis() - 50, WITHIN.toMillis() + 5_000);
        Wire.Head head = wire.head(PATIENCE);
        assertThat(head.status()).isEqualTo(408);
        assertThat(head.headers()).containsEntry("connection", "close");
        assertThat(wire.fill(Wire.deadline(PATIENCE))).isEqualTo(Wire.Got.END);
    }

    private static void ask(Wire wire) {
        write(wire, HEALTH);
        answered(wire);
    }

    private static void answered(Wire wire) {
        Wire.Head head = wire.head(PATIENCE);
        assertThat(head.status()).isEqualTo(200);
        int length = Integer.parseInt(head.headers().get("content-length"));
        assertThat(wire.await(length, Wire.deadline(PATIENCE))).isTrue();
        wire.take(length);
    }

    @Test
    void aSlowFirstRequestIs408AndCounted() {
        long before = Api.metric(node, "hubbub_refused", "\"header_time\"");
        try (Wire wire = new Wire(node.port(), 0)) {
            assertTimedOut(wire, trickle(wire, HEALTH));
        }
        assertThat(Api.metric(node, "hubbub_refused", "\"header_time\"")).isEqualTo(before + 1);
        assertThat(node.log()).contains("refused HEADER_TIME (1 since it was last said): /127.0.0.1:");
    }

    @Test
    void aSlowSecondRequestIs408() {
        try (Wire wire = new Wire(node.port(), 0)) {
            ask(wire);
            assertTimedOut(wire, trickle(wire, HEALTH));
        }
    }

    @Test
    void lineEndsBeforeARequestAreNoWayRound() {
        try (Wire wire = new Wire(node.port(), 0)) {
            ask(wire);
            assertTimedOut(wire, trickle(wire, "\r\n".repeat(100)));
        }
    }

    @Test
    void whoSendsNothingIsJustClosed() {
        try (Wire wire = new Wire(node.port(), 0)) {
            assertThat(wire.fill(Wire.deadline(PATIENCE))).isEqualTo(Wire.Got.END);
        }
    }

    /** Nobody speaks for many times the time that headers have. */
    @Test
    void whoWaitsBetweenRequestsOrReadsAStreamOrHasASocketIsLeftAlone() {
        try (Wire idle = new Wire(node.port(), 0);
                Wire body = new Wire(node.port(), 0);
                RawWebSocket socket = RawWebSocket.open(node);
                EventStream stream = EventStream.open(node, "presence=off&room=chat:idle")) {
            stream.next("room.joined");
            ask(idle);
            String head = "POST /api/v1/rooms/chat:idle/messages HTTP/1.1\r\nHost: here\r\n"
                    + "Content-Type: application/json\r\nContent-Length: 40\r\n\r\n";
            write(body, head + "{\"payload\":");
            long begun = System.nanoTime();
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(200))
                    .atMost(PATIENCE)
                    .until(() -> {
                        write(body, " ");
                        return System.nanoTime() - begun > 5 * WITHIN.toNanos();
                    });
            ask(idle);
            write(body, "1}" + " ".repeat(40));
            assertThat(body.head(PATIENCE).status()).isEqualTo(201);
            stream.next("room.published");
            socket.barrier();
        }
    }
}
