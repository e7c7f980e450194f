package dev.hubbub.websocket;

import static dev.hubbub.support.RawWebSocket.BINARY;
import static dev.hubbub.support.RawWebSocket.FIN;
import static dev.hubbub.support.RawWebSocket.PONG;
import static dev.hubbub.support.RawWebSocket.TEXT;
import static dev.hubbub.support.RawWebSocket.frame;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.support.Api;
import dev.hubbub.support.Node;
import dev.hubbub.support.Nodes;
import dev.hubbub.support.RawWebSocket;
import dev.hubbub.support.RawWebSocket.End;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a client sees where messages are written one by one, as they are or compressed: the same as from the shared bytes
 * that are the default, which suites of their own look at. The node is impatient.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PortableSinkIT {
    /** Whether a client offers to compress, which both then do. */
    enum Client {
        PLAIN,
        COMPRESSING("Sec-WebSocket-Extensions: permessage-deflate");

        private final String[] offer;

        Client(String... offer) {
            this.offer = offer;
        }

        RawWebSocket open() {
            return RawWebSocket.open(node, "/ws", offer);
        }

        RawWebSocket openNarrow() {
            return RawWebSocket.openNarrow(node, offer);
        }
    }

    private static final String QUIET = ",\"presence\":\"off\"";
    private static final byte[] SIGN_OF_LIFE = frame(FIN | PONG, "");
    private static final Random NOISE = new Random(7);
    /** These two stop at the start, so that nobody waits for the time that they have. */
    private static final Map<Client, RawWebSocket> SILENT = new EnumMap<>(Client.class);

    private static final Map<Client, RawWebSocket> DEAD = new EnumMap<>(Client.class);
    private static final Node node = Nodes.compressing();

    @BeforeAll
    static void start() {
        for (Client client : Client.values()) {
            SILENT.put(client, client.open());
            DEAD.put(client, client.openNarrow());
        }
        fill(DEAD.values(), "chat:dead");
    }

    @AfterAll
    static void stop() {
        SILENT.values().forEach(RawWebSocket::close);
        DEAD.values().forEach(RawWebSocket::close);
        assertThat(node.log()).doesNotContain("WARN").doesNotContain("Exception");
    }

    /** A text that compresses badly, so that buffers fill either way. */
    private static String noise(int bytes) {
        byte[] random = new byte[bytes];
        NOISE.nextBytes(random);
        return "\"" + Base64.getEncoder().encodeToString(random) + "\"";
    }

    /**
     * Publishes more than the kernel's buffers hold to readers that give signs of life. Another reader has each message
     * before the next one.
     */
    private static void fill(Iterable<RawWebSocket> stalled, String room) {
        stalled.forEach(s -> s.join(room, QUIET));
        try (RawWebSocket publisher = RawWebSocket.open(node);
                RawWebSocket reading = RawWebSocket.open(node)) {
            reading.join(room, QUIET);
            for (int seq = 1; seq <= 700; seq++) {
                publisher.publish(room, noise(9_000));
                assertThat(reading.message(room).get("seq").asInt()).isEqualTo(seq);
                stalled.forEach(s -> s.raw(SIGN_OF_LIFE));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Client.class)
    void messagesOfAllSizesArriveAsTheyWereSent(Client client) {
        String room = Nodes.room("chat");
        String[] payloads = {
            "null", "\"\"", "\"ü\u2028\uD83D\uDE00\"", "{\"a\":[1.0,{\"b\":\"\\u0000\"}]}", noise(100), noise(11_000)
        };
        try (RawWebSocket ann = client.open();
                RawWebSocket bob = client.open()) {
            bob.join(room);
            assertThat(ann.join(room).get("count").asInt()).isEqualTo(2);
            assertThat(bob.next("presence.joined").at("/data/member/user").asText())
                    .isEqualTo(ann.user());
            for (String payload : payloads) {
                JsonNode reply = ann.publish(room, payload, ",\"event\":\"e\"");
                for (RawWebSocket socket : List.of(ann, bob)) {
                    JsonNode message = socket.message(room);
                    assertThat(message.get("payload").toString()).isEqualTo(payload);
                    assertThat(message.get("seq")).isEqualTo(reply.get("seq"));
                }
            }
            ann.publish(room, "1", ",\"ephemeral\":true,\"echo\":false");
            assertThat(bob.message(room).has("seq")).isFalse();
            ann.barrier();
            assertThat(ann.pending()).isEmpty();
            ann.ok("room.leave", "{\"room\":\"" + room + "\"}");
            assertThat(bob.next("presence.left").at("/data/member/user").asText())
                    .isEqualTo(ann.user());
        }
    }

    @ParameterizedTest
    @EnumSource(Client.class)
    void manySmallMessagesAreReplayedAtOnce(Client client) {
        String room = Nodes.room("chat");
        try (RawWebSocket ann = client.open();
                RawWebSocket bob = client.open()) {
            for (int i = 1; i <= 1000; i++) {
                ann.publish(room, "1");
            }
            assertThat(bob.join(room, QUIET + ",\"replay\":1000")
                            .get("replayed")
                            .asInt())
                    .isEqualTo(1000);
            for (int seq = 1; seq <= 1000; seq++) {
                assertThat(bob.message(room).get("seq").asInt()).isEqualTo(seq);
            }
            String id = bob.ask("room.history", "{\"room\":\"" + room + "\",\"limit\":1000}");
            int listed = 0;
            JsonNode answer = bob.answer(id);
            while (answer.get("type").asText().equals("room.history.reply")) {
                listed += answer.at("/data/messages").size();
                answer = bob.answer(id);
            }
            assertThat(listed).isEqualTo(1000);
        }
    }

    private static void assertEnds(Client client, int code, Consumer<RawWebSocket> why) {
        try (RawWebSocket socket = client.open()) {
            socket.join("chat:ends", QUIET);
            why.accept(socket);
            assertThat(socket.end().code()).isEqualTo(code);
        }
    }

    @ParameterizedTest
    @EnumSource(Client.class)
    void connectionsEndWithTheCodeThatFits(Client client) {
        assertEnds(client, 1002, s -> s.raw(frame(FIN | 0x20 | TEXT, "{}")));
        assertEnds(client, 1003, s -> s.raw(frame(FIN | BINARY, "x")));
        assertEnds(client, 1007, s -> s.raw(frame(FIN | TEXT, new byte[] {(byte) 0xff})));
        assertEnds(client, 1008, s -> {
            for (int i = 0; i < 12; i++) {
                s.send("{");
            }
        });
        assertEnds(client, 1009, s -> s.send("x".repeat(16_385)));
        // those that the container ends are counted as well, when its client has answered
        Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> Api.metric(node, "hubbub_closed", "\"1007\"") > 0);
        assertEnds(client, 4003, s -> Api.delete(node, "/api/v1/connections/" + s.conn()));
        try (RawWebSocket socket = client.open();
                RawWebSocket codeless = client.open();
                RawWebSocket login = RawWebSocket.handshake(node, "/ws?auth=message", client.offer)) {
            assertThat(socket.close(1000).code()).isEqualTo(1000);
            assertThat(codeless.closeWithoutCode().code()).isIn(1000, 1005);
            assertThat(login.fails("ping", "{}").get("code").asText()).isEqualTo("UNAUTHENTICATED");
            assertThat(login.end().code()).isEqualTo(4001);
        }
    }

    @ParameterizedTest
    @EnumSource(Client.class)
    void readerThatStopsIs4201BehindWhatWasOnItsWay(Client client) {
        String room = Nodes.room("chat");
        try (RawWebSocket stalled = client.openNarrow()) {
            fill(List.of(stalled), room);
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> {
                stalled.raw(SIGN_OF_LIFE);
                return Api.get(node, "/api/v1/connections/" + stalled.conn()).status() == 404;
            });
            assertThat(stalled.end().code()).isEqualTo(4201);
            List<JsonNode> read = stalled.pending();
            assertThat(read).hasSizeBetween(1, 699);
            for (int i = 0; i < read.size(); i++) {
                assertThat(read.get(i).at("/data/seq").asInt()).isEqualTo(i + 1);
            }
        }
    }

    /** Last, so that the others fill its time. */
    @Order(Integer.MAX_VALUE)
    @ParameterizedTest
    @EnumSource(Client.class)
    void readerThatNeverReadsAgainIsCutOff(Client client) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(15))
                .until(() -> !DEAD.get(client).raw(SIGN_OF_LIFE));
    }

    @ParameterizedTest
    @EnumSource(Client.class)
    void askingWithoutReadingTheAnswersIs4204(Client client) {
        try (RawWebSocket asking = client.openNarrow()) {
            for (int i = 0; i < 900; i++) {
                asking.ask("ping", "{\"t\":" + noise(9_000) + "}");
            }
            assertThat(asking.end()).isEqualTo(new End(4204, "answers are not read"));
        }
    }

    @ParameterizedTest
    @EnumSource(Client.class)
    void pingsComeAndSilenceIs4202(Client client) {
        assertThat(SILENT.get(client).end().code()).isEqualTo(4202);
        assertThat(SILENT.get(client).pings()).isBetween(2, 5);
    }
}
