package dev.hubbub.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.support.Api;
import dev.hubbub.support.EventStream;
import dev.hubbub.support.Node;
import dev.hubbub.support.Nodes;
import dev.hubbub.support.RawWebSocket;
import java.time.Duration;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A user who takes another out of a room, by a right that the token grants, on one node; the other is on the other. */
class BansIT {
    private static final String[] MODERATOR = {"join", "publish", "presence", "history", "kick"};
    private static final String LONG = "600000";
    private static final int MOST = 5;
    private static Pair pair;

    private final String room = Nodes.room("chat");
    private final String moderator = Issuer.token("mod", "chat:*", MODERATOR);
    private final String user = Issuer.token("ann", "chat:*", Issuer.ALL);
    private RawWebSocket socket;
    private EventStream stream;

    @BeforeAll
    static void start() {
        pair = new Pair("-Dhubbub.limits.bans-per-room=" + MOST);
    }

    @AfterAll
    static void stop() {
        pair.close();
    }

    @BeforeEach
    void enter() {
        socket = RawWebSocket.open(pair.two(), "/ws", Issuer.bearer(user));
        stream = EventStream.open(pair.two(), "room=" + room, Issuer.bearer(user));
        socket.join(room);
        stream.next("room.joined");
    }

    private Api.Reply remove(Node node, String token, String query) {
        return Api.delete(node, "/api/v1/rooms/" + room + "/members/ann" + query, "Authorization", "Bearer " + token);
    }

    private void isRemoved(String reason) {
        JsonNode onSocket = socket.next("room.removed").get("data");
        JsonNode onStream = stream.next("room.removed").content();
        for (JsonNode removed : new JsonNode[] {onSocket, onStream}) {
            assertThat(removed.get("room").asText()).isEqualTo(room);
            assertThat(removed.get("reason").asText()).isEqualTo(reason);
        }
    }

    private static String code(RawWebSocket socket, String type, String data) {
        JsonNode answer = socket.request(type, data);
        return answer.get("type").asText().equals("error")
                ? answer.at("/data/code").asText()
                : "done";
    }

    private Set<String> allowed(Node node) {
        return Attempts.allowed(node, room, Issuer.bearer(user));
    }

    @Test
    void whoIsKickedIsToldAndMayComeBack() {
        assertThat(remove(pair.one(), moderator, "").status()).isEqualTo(204);
        isRemoved("kicked");
        pair.both().forEach(node -> assertThat(allowed(node)).isEqualTo(Attempts.all()));
        socket.join(room);
    }

    @Test
    void whoIsBannedIsToldAndRefusedOnEveryWayAndNodeUntilTheBanIsLifted() {
        assertThat(remove(pair.one(), moderator, "?banMs=" + LONG).status()).isEqualTo(204);
        isRemoved("banned");
        pair.both().forEach(node -> assertThat(allowed(node)).isEmpty());
        // sessions that were there before are as banned
        assertThat(code(socket, "room.publish", "{\"room\":\"" + room + "\",\"payload\":1}"))
                .isEqualTo("PERMISSION_DENIED");
        // of this room alone
        socket.join(room + ":next");
        assertThat(remove(pair.two(), moderator, "?banMs=0").status()).isEqualTo(204);
        Awaitility.await()
                .atMost(Duration.ofSeconds(1))
                .until(() ->
                        code(socket, "room.join", "{\"room\":\"" + room + "\"}").equals("done"));
        pair.both().forEach(node -> assertThat(allowed(node)).isEqualTo(Attempts.all()));
    }

    @Test
    void aBanEndsByItself() {
        long before = System.currentTimeMillis();
        assertThat(remove(pair.one(), moderator, "?banMs=1500").status()).isEqualTo(204);
        isRemoved("banned");
        Awaitility.await()
                .pollInterval(Duration.ofMillis(50))
                .until(() ->
                        code(socket, "room.join", "{\"room\":\"" + room + "\"}").equals("done"));
        assertThat(System.currentTimeMillis() - before).isGreaterThanOrEqualTo(1_500);
        pair.both().forEach(node -> assertThat(allowed(node)).isEqualTo(Attempts.all()));
    }

    @Test
    void aNewTokenDoesNotHelpAgainstABan() {
        assertThat(remove(pair.one(), moderator, "?banMs=" + LONG).status()).isEqualTo(204);
        isRemoved("banned");
        String other = Issuer.token("ann", "*", MODERATOR);
        socket.ok("auth.refresh", "{\"token\":\"" + other + "\"}");
        assertThat(code(socket, "room.join", "{\"room\":\"" + room + "\"}")).isEqualTo("PERMISSION_DENIED");
        assertThat(remove(pair.two(), other, "?banMs=0").status())
                .as("nor do the banned lift their own")
                .isEqualTo(403);
    }

    @Test
    void whoseTokenDoesNotGrantItTakesNobodyOut() {
        for (String token :
                new String[] {user, Issuer.token("bob", "chat:*", Issuer.ALL), Issuer.token("bob", "other:*", MODERATOR)
                }) {
            for (String query : new String[] {"", "?banMs=1000", "?banMs=0"}) {
                Api.Reply reply = remove(pair.one(), token, query);
                assertThat(reply.status()).as(query).isEqualTo(403);
                assertThat(reply.body().get("code").asText()).isEqualTo("PERMISSION_DENIED");
            }
        }
        assertThat(remove(pair.one(), moderator, "?banMs=-1").status()).isEqualTo(400);
        assertThat(remove(pair.one(), moderator, "?banMs=x").status()).isEqualTo(400);
        socket.publish(room, "1");
        socket.message(room);
        assertThat(socket.all()).noneMatch(f -> f.get("type").asText().equals("room.removed"));
    }

    @Test
    void oneRoomHasSoManyBansOverAllNodesAndNoMore() {
        String path = "/api/v1/rooms/" + room + "/members/";
        String[] by = {"Authorization", "Bearer " + moderator};
        for (int i = 1; i < MOST; i++) {
            Node node = pair.both().get(i % 2);
            assertThat(Api.delete(node, path + "made-up-" + i + "?banMs=" + LONG, by)
                            .status())
                    .isEqualTo(204);
        }
        assertThat(remove(pair.one(), moderator, "?banMs=" + LONG).status()).isEqualTo(204);
        isRemoved("banned");
        for (Node node : pair.both()) {
            long before = Api.metric(node, "hubbub_refused", "reason=\"bans\"");
            Api.Reply more = Api.delete(node, path + "made-up?banMs=" + LONG, by);
            assertThat(more.status()).isEqualTo(429);
            assertThat(more.body().get("code").asText()).isEqualTo("RESOURCE_EXHAUSTED");
            assertThat(more.body().has("retryAfterMs")).isFalse();
            assertThat(Api.metric(node, "hubbub_refused", "reason=\"bans\"")).isEqualTo(before + 1);
            // one that is there may be renewed, and somebody be removed without a ban
            assertThat(remove(node, moderator, "?banMs=" + LONG).status()).isEqualTo(204);
            assertThat(Api.delete(node, path + "made-up", by).status()).isEqualTo(204);
        }
        assertThat(remove(pair.two(), moderator, "?banMs=0").status()).isEqualTo(204);
        assertThat(Api.delete(pair.one(), path + "made-up?banMs=" + LONG, by).status())
                .isEqualTo(204);
    }
}
