package dev.hubbub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.support.HookReceiver;
import dev.hubbub.support.Node;
import dev.hubbub.support.Nodes;
import dev.hubbub.support.RawWebSocket;
import dev.hubbub.support.RedisServer;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A webhook that two nodes tell of connections and rooms, one of which dies; and which is away for a while. */
class ClusterHookIT {
    private static final String SECRET = "a-secret-that-is-long-enough-for-this";
    /** From SIGKILL to eviction (12 s of lease, 2 s to the next sweep, room to work), and to the next delivery. */
    private static final Duration SWEPT = Duration.ofSeconds(20);
    /** Until another node sends, where the one that did died: 15 s; and a back-off. */
    private static final Duration TAKEN_OVER = Duration.ofSeconds(60);

    private static RedisServer redis;
    private static HookReceiver receiver;
    private static Node stays;
    /** Whoever ends it leaves the next test to start another. */
    private static Node goes;

    private String room;

    @BeforeAll
    static void startAll() {
        redis = RedisServer.start();
        receiver = HookReceiver.start();
        stays = node("stays");
        goes = node("goes");
        stays.awaitReady();
    }

    @AfterAll
    static void stopAll() {
        goes.close();
        stays.close();
        receiver.close();
        redis.close();
    }

    private static Node node(String name) {
        return Node.begin(
                "-Dhubbub.redis=" + redis.url(),
                "-Dhubbub.node=" + name,
                "-Dhubbub.webhook.url=" + receiver.url(),
                "-Dhubbub.webhook.secret=" + SECRET,
                "-Dhubbub.auth.anonymous-secret=all-nodes-sign-with-this-one-secret");
    }

    @BeforeEach
    void start() {
        goes = goes.process().isAlive() ? goes : node("goes");
        goes.awaitReady();
        room = Nodes.room("chat");
    }

    private List<JsonNode> events(String field, String value) {
        return receiver.events().stream()
                .filter(e -> e.path(field).asText().equals(value))
                .toList();
    }

    private static List<String> kinds(List<JsonNode> events) {
        return events.stream().map(e -> e.get("kind").asText()).toList();
    }

    /** What was told of the room itself. */
    private List<String> ofRoom() {
        return kinds(events("room", room)).stream()
                .filter(kind -> kind.equals("occupied") || kind.equals("vacated"))
                .toList();
    }

    private RawWebSocket joined(Node node) {
        RawWebSocket socket = RawWebSocket.open(node);
        socket.join(room);
        return socket;
    }

    private void awaitKinds(RawWebSocket of, String... kinds) {
        Awaitility.await()
                .atMost(SWEPT)
                .untilAsserted(
                        () -> assertThat(kinds(events("conn", of.conn()))).containsExactly(kinds));
    }

    @Test
    void eventsComeSignedAndInOrderAndARoomIsOccupiedAndVacatedOnceOverTwoNodes() {
        RawWebSocket ann = joined(stays);
        awaitKinds(ann, "connect", "join");
        RawWebSocket ben = joined(goes);
        awaitKinds(ben, "connect", "join");
        ann.close(1000);
        awaitKinds(ann, "connect", "join", "leave", "disconnect");
        assertThat(ofRoom()).containsExactly("occupied");
        ben.close(1000);
        awaitKinds(ben, "connect", "join", "leave", "disconnect");
        Awaitility.await().untilAsserted(() -> assertThat(ofRoom()).containsExactly("occupied", "vacated"));
        assertThat(receiver.deliveries()).isNotEmpty().allMatch(delivery -> HookReceiver.isSigned(delivery, SECRET));
        JsonNode join = events("conn", ben.conn()).get(1);
        assertThat(join.get("user").asText()).isEqualTo(ben.user());
        assertThat(join.get("room").asText()).isEqualTo(room);
        assertThat(join.get("node").asText()).isEqualTo("goes");
        assertThat(join.get("ts").asLong()).isPositive();
    }

    @Test
    void aRoomThatOnlyAKilledNodeHadIsVacatedOnce() {
        try (RawWebSocket ann = joined(goes)) {
            awaitKinds(ann, "connect", "join");
            Awaitility.await().untilAsserted(() -> assertThat(ofRoom()).containsExactly("occupied"));
            goes.kill();
            Awaitility.await()
                    .atMost(SWEPT)
                    .untilAsserted(() -> assertThat(ofRoom()).containsExactly("occupied", "vacated"));
            JsonNode vacated = events("room", room).get(2);
            assertThat(vacated.get("kind").asText()).isEqualTo("vacated");
            assertThat(vacated.get("node").asText()).isEqualTo("stays");
        }
        try (RawWebSocket ben = joined(stays)) {
            awaitKinds(ben, "connect", "join");
            Awaitility.await()
                    .untilAsserted(() -> assertThat(ofRoom()).containsExactly("occupied", "vacated", "occupied"));
        }
    }

    @Test
    void aNodeThatEndsTellsWhatHappensAtItsEnd() {
        RawWebSocket ann = joined(goes);
        awaitKinds(ann, "connect", "join");
        goes.close();
        awaitKinds(ann, "connect", "join", "leave", "disconnect");
        Awaitility.await().untilAsserted(() -> assertThat(ofRoom()).containsExactly("occupied", "vacated"));
    }

    @Test
    void aReceiverThatWasAwayGetsWhatWasKeptOfANodeThatDiedMeanwhileToo() {
        receiver.close();
        RawWebSocket ann = joined(stays);
        RawWebSocket ben = joined(goes);
        ben.close(1000);
        Awaitility.await("all is in Redis")
                .until(() -> redis.cli("XRANGE", Keyspace.OUTBOX, "-", "+").contains("disconnect"));
        goes.kill();
        ann.close(1000);
        HookReceiver dead = receiver;
        receiver = HookReceiver.startOn(dead.port());
        Awaitility.await()
                .atMost(TAKEN_OVER)
                .untilAsserted(() -> assertThat(kinds(events("conn", ben.conn())))
                        .containsExactly("connect", "join", "leave", "disconnect"));
        Awaitility.await()
                .atMost(TAKEN_OVER)
                .untilAsserted(() -> assertThat(kinds(events("conn", ann.conn())))
                        .containsExactly("connect", "join", "leave", "disconnect"));
        assertThat(ofRoom()).containsExactly("occupied", "vacated");
    }
}
