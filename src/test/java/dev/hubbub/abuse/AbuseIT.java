package dev.hubbub.abuse;

import static dev.hubbub.support.RawWebSocket.CONTINUATION;
import static dev.hubbub.support.RawWebSocket.FIN;
import static dev.hubbub.support.RawWebSocket.PING;
import static dev.hubbub.support.RawWebSocket.TEXT;
import static dev.hubbub.support.RawWebSocket.frame;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.support.Api;
import dev.hubbub.support.Node;
import dev.hubbub.support.Nodes;
import dev.hubbub.support.RawWebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * One abuser at a time, against a node with the limits that it has by itself. To measure what others notice:
 * {@code -Dabuse.rounds=6 -Dabuse.settle=20000}.
 */
@Tag("alone")
class AbuseIT {
    private static Abused abused;
    private static Node node;
    private static Company company;

    @BeforeAll
    static void start() {
        abused = Abused.start();
        node = abused.node();
        company = abused.company();
    }

    @AfterAll
    static void stop() {
        abused.close();
    }

    @AfterEach
    void theNodeIsWell() {
        abused.assertWell();
    }

    @InRounds
    void aThousandHandshakesOfAByteASecondEndWith408() {
        long before = abused.refused("header_time");
        company.beside("slow handshakes", () -> {
            try (SlowHandshakes slow = new SlowHandshakes(node, "127.1.0.1", 1_000)) {
                Awaitility.await()
                        .pollInterval(Duration.ofSeconds(1))
                        .atMost(Duration.ofSeconds(20))
                        .until(slow::step);
                assertThat(slow.answers().stream().filter(a -> a.startsWith("HTTP/1.1 408")))
                        .hasSizeGreaterThan(990);
            }
        });
        assertThat(abused.refused("header_time")).isEqualTo(before + 1_000);
    }

    @InRounds
    void fiveThousandHandshakesOfOneAddressAre429() {
        long before = abused.refused("handshake_rate") + abused.refused("connections");
        Map<Integer, Long> statuses = new ConcurrentHashMap<>();
        company.beside("handshakes", () -> {
            // not the common one, whose threads were not started here
            ForkJoinPool pool = new ForkJoinPool(2);
            try {
                pool.submit(() -> IntStream.range(0, 5_000).parallel().forEach(i -> {
                            try (RawWebSocket socket = RawWebSocket.handshakeFrom(node, "127.2.0.1", "/ws")) {
                                statuses.merge(socket.status(), 1L, Long::sum);
                                if (socket.status() == 429) {
                                    assertThat(Integer.parseInt(socket.headers().get("retry-after")))
                                            .isPositive();
                                }
                            }
                        }))
                        .join();
            } finally {
                pool.shutdown();
            }
        });
        assertThat(new TreeMap<>(statuses)).containsOnlyKeys(101, 429);
        assertThat(statuses.get(429)).isGreaterThan(4_000);
        assertThat(abused.refused("handshake_rate") + abused.refused("connections"))
                .isEqualTo(before + statuses.get(429));
    }

    /** A gigabyte is announced; nothing is set aside for it. */
    @InRounds
    void framesThatAreTooLargeAre1009() {
        byte[] gigabyte = {(byte) (FIN | TEXT), (byte) 0xff, 0, 0, 0, 0, 0x40, 0, 0, 0, 1, 2, 3, 4, 'x'};
        company.beside("oversize frames", () -> {
            for (int i = 0; i < 100; i++) {
                try (RawWebSocket socket = abused.open(3, i)) {
                    socket.raw(gigabyte);
                    socket.raw(new byte[20_000]); // of it, more than a message may have
                    assertThat(socket.end().code()).isEqualTo(1009);
                }
            }
        });
    }

    @InRounds
    void fragmentsWithoutEndAre1009() {
        company.beside("fragments", () -> {
            for (int i = 0; i < 100; i++) {
                try (RawWebSocket socket = abused.open(4, i)) {
                    socket.raw(frame(TEXT, "{\"type\":\"ping\",\"pad\":\"" + "x".repeat(1_000)));
                    for (int sent = 1_000; sent < 20_000; sent += 1_000) {
                        socket.raw(frame(CONTINUATION, "x".repeat(1_000)));
                    }
                    assertThat(socket.end().code()).isEqualTo(1009);
                }
            }
        });
    }

    @InRounds
    void jsonThatIsTooDeepIsInvalidThen1008() {
        String deep = "{\"type\":\"ping\",\"id\":\"d\",\"data\":" + "[".repeat(8_000) + "]".repeat(8_000) + "}";
        company.beside("deep JSON", () -> {
            for (int i = 0; i < 50; i++) {
                try (RawWebSocket socket = abused.open(5, i)) {
                    socket.send(deep);
                    assertThat(socket.next("error").at("/data/code").asText()).isEqualTo("INVALID_ARGUMENT");
                    for (int more = 0; more < 9; more++) {
                        socket.send(deep);
                    }
                    assertThat(socket.end().code()).isEqualTo(1008);
                }
            }
        });
    }

    /** As fast as it can be written, some ten thousand a second. */
    @InRounds
    void whoPublishesTenThousandASecondIsToldToWaitThen4204() {
        long before = abused.closed(4204);
        long refusals = abused.refused("message_rate");
        int clients = 5; // each is told a hundred times, with a pause behind each
        String room = Nodes.room("flood");
        byte[] publish =
                frame(FIN | TEXT, "{\"type\":\"room.publish\",\"data\":{\"room\":\"" + room + "\",\"payload\":1}}");
        company.beside("a publisher", () -> {
            for (int i = 0; i < clients; i++) {
                try (RawWebSocket socket = abused.open(6, i)) {
                    boolean open = true;
                    for (int sent = 0; sent < 20_000 && open; sent++) {
                        open = socket.raw(publish);
                    }
                    JsonNode error = socket.next("error").get("data");
                    assertThat(error.get("code").asText()).isEqualTo("RESOURCE_EXHAUSTED");
                    assertThat(error.get("retryAfterMs").asInt()).isBetween(1, 1_001);
                    long ended = before + i + 1; // whoever goes away first was not sent away
                    Awaitility.await().until(() -> abused.closed(4204) == ended);
                }
            }
        });
        assertThat(abused.refused("message_rate")).isGreaterThanOrEqualTo(refusals + clients * 100);
        // a burst, and what a bucket gets while a hundred are refused
        assertThat(Api.get(node, "/api/v1/rooms/" + room + "/messages?limit=1")
                        .body()
                        .get("seq")
                        .asInt())
                .isBetween(clients * 20, clients * 40);
    }

    /** A hundred messages in one request are a hundred: a burst goes, the others are told to wait. */
    @Test
    void aBatchIsNoWayPastTheRate() {
        String rooms =
                IntStream.range(0, 100).mapToObj(i -> "\"batch:" + i + "\"").collect(Collectors.joining(","));
        try (RawWebSocket socket = abused.open(11, 1)) {
            JsonNode items = Api.post(
                            node,
                            "/api/v1/messages",
                            "{\"rooms\":[" + rooms + "],\"payload\":1}",
                            "Authorization",
                            "Bearer " + socket.anon())
                    .body()
                    .get("items");
            assertThat(items).hasSize(100);
            assertThat(items.findValues("seq")).hasSizeBetween(20, 40);
            assertThat(items.get(99).at("/error/code").asText()).isEqualTo("RESOURCE_EXHAUSTED");
            assertThat(items.get(99).at("/error/retryAfterMs").asInt()).isBetween(1, 1_001);
        }
    }

    @InRounds
    void stormsOfJoinsAndLeavesAreToldToWaitThen4204() {
        storm(0); // whose code is not compiled yet
        company.beside("joins and leaves", () -> storm(10));
    }

    private static void storm(int first) {
        List<RawWebSocket> storm = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            storm.add(abused.open(7, first + i));
        }
        for (int round = 0; round < 400; round++) {
            for (RawWebSocket socket : storm) {
                socket.tell("room.join", "{\"room\":\"storm:" + round % 50 + "\"}");
                socket.tell("room.leave", "{\"room\":\"storm:" + round % 50 + "\"}");
            }
        }
        for (RawWebSocket socket : storm) {
            assertThat(socket.next("error").at("/data/code").asText()).isEqualTo("RESOURCE_EXHAUSTED");
            assertThat(socket.end().code()).isEqualTo(4204);
            socket.close();
        }
    }

    @InRounds
    void ofTenThousandRoomsAClientIsInAsManyAsItMay() {
        company.beside("rooms", () -> {
            try (RawWebSocket socket = abused.open(8, 1)) {
                boolean open = true;
                for (int room = 0; room < 10_000 && open; room++) {
                    open = socket.raw(frame(
                            FIN | TEXT,
                            "{\"type\":\"room.join\",\"id\":\"j\",\"data\":{\"room\":\"many:" + room + "\"}}"));
                }
                assertThat(socket.next("error").at("/data/code").asText()).isEqualTo("RESOURCE_EXHAUSTED");
                assertThat(socket.end().code()).isEqualTo(4204);
                assertThat(socket.all().stream()
                                .filter(f -> f.get("type").asText().equals("room.join.reply"))
                                .count())
                        .isEqualTo(128);
            }
        });
    }

    /** Whose pongs nobody reads: they are not kept for ever. */
    @InRounds
    void aFloodOfPingsIsReadNoFasterAndCostsNobodyElse() {
        flood("pings", new byte[0], frame(FIN | PING, "x".repeat(125)));
    }

    /** They never come to the size that a message may have. */
    @InRounds
    void aFloodOfEmptyFragmentsIsReadNoFasterAndCostsNobodyElse() {
        flood("empty fragments", frame(TEXT, ""), frame(CONTINUATION, ""));
    }

    private static void flood(String what, byte[] first, byte[] then) {
        long before = abused.refused("frame_rate");
        byte[] many = new byte[100 * then.length];
        for (int i = 0; i < many.length; i++) {
            many[i] = then[i % then.length];
        }
        company.beside(what, () -> {
            try (RawWebSocket socket = abused.open(10, then.length)) {
                // the node reads no faster than it may come, and we would wait for ever
                CompletableFuture.delayedExecutor(5, TimeUnit.SECONDS).execute(socket::reset);
                socket.raw(first);
                boolean open = true;
                for (int sent = 0; sent < 50_000 && open; sent++) {
                    open = socket.raw(many);
                }
                assertThat(open)
                        .as("the node has read all of five million frames")
                        .isFalse();
            }
        });
        assertThat(abused.refused("frame_rate")).isGreaterThan(before + 100);
    }
}
