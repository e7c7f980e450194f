package dev.hubbub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.support.Api;
import dev.hubbub.support.Node;
import dev.hubbub.support.Nodes;
import dev.hubbub.support.RawWebSocket;
import dev.hubbub.support.RedisServer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whichever node is asked, the HTTP API tells of all: of two here, one of which comes and goes. */
class ClusterDirectoryIT {
    /** From SIGKILL until what the node had is swept up, and room to work. */
    private static final Duration SWEPT = Duration.ofSeconds(20);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static RedisServer redis;
    private static Node stays;
    /** Whoever ends it leaves the next test to start another. */
    private static Node goes;

    @BeforeAll
    static void startAll() {
        redis = RedisServer.start();
        stays = node("stays");
        goes = node("goes");
        stays.awaitReady();
    }

    @AfterAll
    static void stopAll() {
        goes.close();
        stays.close();
        redis.close();
    }

    @BeforeEach
    void start() {
        goes = goes.process().isAlive() ? goes : node("goes");
        goes.awaitReady();
        Awaitility.await().until(() -> listed().equals(List.of("goes", "stays")));
    }

    private static Node node(String name) {
        return Node.begin(
                "-Dhubbub.redis=" + redis.url(),
                "-Dhubbub.node=" + name,
                "-Dhubbub.auth.anonymous-secret=all-nodes-sign-with-this-one-secret");
    }

    private static JsonNode get(Node node, String path) {
        Api.Reply reply = Api.get(node, "/api/v1" + path);
        assertThat(reply.status()).as(path).isEqualTo(200);
        return reply.body();
    }

    private static List<String> listed() {
        return get(stays, "/nodes").get("items").findValuesAsText("node");
    }

    private static void awaitLastSeen(String user, Instant from) {
        Awaitility.await().atMost(SWEPT).untilAsserted(() -> {
            JsonNode gone = get(stays, "/users/" + user);
            assertThat(gone.get("online").asBoolean()).isFalse();
            assertThat(gone.has("lastSeen")).isTrue();
            assertThat(Instant.ofEpochMilli(gone.get("lastSeen").asLong()))
                    .isBetween(from.minusMillis(1), Instant.now());
        });
    }

    @Test
    void aUserIsOnlineWhereverAConnectionIs() {
        String room = Nodes.room("chat");
        String other = Nodes.room("chat");
        Instant before = Instant.now();
        String user;
        try (RawWebSocket ann = RawWebSocket.open(stays);
                RawWebSocket tab = ann.another(goes)) {
            user = ann.user();
            ann.join(room);
            tab.join(other);
            for (Node asked : List.of(stays, goes)) {
                JsonNode told = get(asked, "/users/" + user);
                assertThat(told.get("online").asBoolean()).isTrue();
                assertThat(told.get("connections").findValuesAsText("conn"))
                        .containsExactlyInAnyOrder(ann.conn(), tab.conn());
                assertThat(told.get("connections").findValuesAsText("node")).containsExactlyInAnyOrder("stays", "goes");
                assertThat(told.get("rooms")).hasSize(3); // the user's own, too
                assertThat(told.get("rooms").toString()).contains(room, other);
                assertThat(told.has("lastSeen")).isFalse();
                assertThat(told.has("unanswered")).isFalse();
                JsonNode page = get(asked, "/connections?limit=1&user=" + user);
                JsonNode rest = get(
                        asked,
                        "/connections?limit=1&user=" + user + "&after="
                                + page.get("next").asText());
                assertThat(List.of(
                                page.at("/items/0/conn").asText(),
                                rest.at("/items/0/conn").asText()))
                        .containsExactlyInAnyOrder(ann.conn(), tab.conn());
                assertThat(rest.has("next")).isFalse();
                assertThat(get(asked, "/connections/" + tab.conn()).get("node").asText())
                        .isEqualTo("goes");
            }
            tab.close(1000);
            Awaitility.await()
                    .until(() -> get(goes, "/users/" + user).get("connections").size() == 1);
            assertThat(get(goes, "/users/" + user).get("online").asBoolean()).isTrue();
        }
        awaitLastSeen(user, before);
        assertThat(get(stays, "/users/nobody").has("lastSeen")).isFalse();
    }

    @Test
    void aConnectionIsClosedFromAnyNode() {
        try (RawWebSocket ann = RawWebSocket.open(goes)) {
            String path = "/api/v1/connections/" + ann.conn();
            assertThat(Api.delete(stays, path).status()).isEqualTo(204);
            RawWebSocket.End end = ann.end();
            assertThat(end.code()).isEqualTo(4003);
            assertThat(end.reason()).isEqualTo("closed by a backend");
            Awaitility.await().until(() -> Api.delete(stays, path).status() == 404);
            assertThat(Api.get(goes, path).status()).isEqualTo(404);
        }
    }

    @Test
    void roomsOfAllNodesAreListedInPages() {
        String prefix = Nodes.room("listed");
        try (RawWebSocket ann = RawWebSocket.open(stays);
                RawWebSocket bob = RawWebSocket.open(goes)) {
            ann.join(prefix + ":a");
            ann.join(prefix + ":b");
            bob.join(prefix + ":b");
            bob.join(prefix + ":c");
            bob.publish(prefix + ":b", "1");
            ann.message(prefix + ":b");
            for (Node asked : List.of(stays, goes)) {
                JsonNode page = get(asked, "/rooms?limit=2&prefix=" + prefix);
                assertThat(page.get("items").findValuesAsText("room")).containsExactly(prefix + ":a", prefix + ":b");
                JsonNode both = page.at("/items/1");
                assertThat(both.get("connections").asInt()).isEqualTo(2);
                assertThat(both.get("count").asInt()).isEqualTo(2);
                assertThat(both.get("seq").asInt()).isEqualTo(1);
                assertThat(get(asked, "/rooms/" + prefix + ":b")).isEqualTo(both);
                JsonNode rest = get(
                        asked,
                        "/rooms?limit=2&prefix=" + prefix + "&after="
                                + page.get("next").asText());
                assertThat(rest.get("items").findValuesAsText("room")).containsExactly(prefix + ":c");
                assertThat(rest.has("next")).isFalse();
            }
            assertThat(Api.get(stays, "/api/v1/rooms/" + prefix).status()).isEqualTo(404);
            for (String wrong : List.of(
                    "/rooms?prefix=a%0Ab", "/rooms?after=%20", "/connections?after=%0A", "/connections?user=a/b")) {
                assertThat(Api.get(stays, "/api/v1" + wrong).status()).as(wrong).isEqualTo(400);
            }
        }
    }

    @Test
    void aNodeThatIsStoppedSaysSoFirstAndIsGoneAtOnce() {
        Instant before = Instant.now();
        redis.cli("CONFIG", "SET", "slowlog-max-len", "10000");
        redis.cli("CONFIG", "SET", "slowlog-log-slower-than", "0"); // which is all that Redis is asked
        try (RawWebSocket ann = RawWebSocket.open(goes)) {
            Awaitility.await("other tests' connections are gone")
                    .until(() -> Api.metric(goes, "hubbub_connections", "") == 1);
            goes.close();
            // what it said of itself: draining, while its one connection was open
            assertThat(redis.cli("SLOWLOG", "GET", "10000")).containsPattern("goes 1 \\d+ 1\\b");
            assertThat(ann.end().code()).isEqualTo(1012);
            assertThat(listed()).containsExactly("stays");
            JsonNode user = get(stays, "/users/" + ann.user());
            assertThat(user.has("unanswered")).isFalse();
            assertThat(user.get("lastSeen").asLong()).isGreaterThanOrEqualTo(before.toEpochMilli());
        } finally {
            redis.cli("CONFIG", "SET", "slowlog-log-slower-than", "-1");
        }
    }

    @Test
    void aNodeThatDiedIsNamedUntilItsLeaseLapsesAndItsUsersWereSeenThen() {
        Instant before = Instant.now();
        try (RawWebSocket ann = RawWebSocket.open(goes)) {
            goes.kill();
            JsonNode user = get(stays, "/users/" + ann.user());
            assertThat(user.get("unanswered").toString()).isEqualTo("[\"goes\"]");
            assertThat(get(stays, "/rooms").get("unanswered").toString()).isEqualTo("[\"goes\"]");
            assertThat(Api.get(stays, "/api/v1/connections/" + ann.conn()).status())
                    .isEqualTo(503);
            awaitLastSeen(ann.user(), before);
            assertThat(listed()).containsExactly("stays");
            assertThat(Api.get(stays, "/api/v1/connections/" + ann.conn()).status())
                    .isEqualTo(404);
        }
    }

    @Test
    void whileRedisIsAwayNobodyTellsOfAll() {
        try (RedisServer other = RedisServer.start();
                Node node = Node.start("-Dhubbub.redis=" + other.url())) {
            other.kill();
            for (String path : List.of(
                    "/users/ann", "/connections", "/connections?user=ann", "/connections/x", "/rooms", "/rooms/x")) {
                Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
                    Api.Reply reply = Api.get(node, "/api/v1" + path);
                    assertThat(reply.status()).as(path).isEqualTo(503);
                    assertThat(reply.body().get("code").asText()).isEqualTo("UNAVAILABLE");
                });
            }
            assertThat(Api.delete(node, "/api/v1/connections/x").status()).isEqualTo(503);
            other.restart();
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> Api.get(node, "/api/v1/users/ann").status() == 200);
        }
    }
}
