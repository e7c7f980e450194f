package dev.hubbub.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.example.TeamRooms;
import dev.hubbub.support.Api;
import dev.hubbub.support.EventStream;
import dev.hubbub.support.Node;
import dev.hubbub.support.RawWebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A team's own code in the WAR decides, and where it does not, that harms nobody but who asked. */
class RoomAuthorizerIT {
    private static final Duration TIMEOUT = Duration.ofMillis(700);
    private static final Keys BACKEND = Keys.of("backend", "admin");
    private static final String EVERYTHING = Issuer.token("ann", "*", "join", "publish", "presence", "history", "kick");
    private static final String NOTHING = Issuer.token("bob");
    private static Path overlay;
    private static Node node;

    @BeforeAll
    static void start() {
        overlay = Overlay.with(ProbeAuthorizer.class, TeamRooms.class);
        node = Sites.from(
                overlay,
                "-Dhubbub.authorizer.timeout=" + TIMEOUT,
                "-Dhubbub.api-keys.file=" + Sites.file(Keys.file(BACKEND)));
    }

    @AfterAll
    static void stop() {
        Sites.stop(node);
        Overlay.delete(overlay);
    }

    private static int kick(String room, String token) {
        return Api.delete(node, "/api/v1/rooms/" + room + "/members/x", "Authorization", "Bearer " + token)
                .status();
    }

    @Test
    void whatItDeniesNoTokenGrants() {
        assertThat(Attempts.allowed(node, "deny:1", Issuer.bearer(EVERYTHING))).isEmpty();
        assertThat(Attempts.allowed(node, "undecided:1", Issuer.bearer(EVERYTHING)))
                .as("no answer is no")
                .isEmpty();
        assertThat(kick("deny:1", EVERYTHING)).isEqualTo(403);
    }

    @Test
    void whatItAllowsNeedsNoGrantExceptFromABan() {
        try (RawWebSocket member = RawWebSocket.open(node, "/ws", Issuer.bearer(NOTHING))) {
            member.join("allow:1");
            assertThat(Attempts.allowed(node, "allow:1", Issuer.bearer(NOTHING)))
                    .isEqualTo(Attempts.all());
            assertThat(kick("allow:1", NOTHING)).isEqualTo(204);
            Api.delete(node, "/api/v1/rooms/allow:1/members/bob?banMs=60000", BACKEND.header());
            member.next("room.removed");
            assertThat(Attempts.allowed(node, "allow:1", Issuer.bearer(NOTHING)))
                    .isEmpty();
        }
    }

    @Test
    void whereItAbstainsTheTokenDecides() {
        try (RawWebSocket member = RawWebSocket.open(node, "/ws", Issuer.bearer(EVERYTHING))) {
            member.join("club:1");
            assertThat(Attempts.allowed(node, "club:1", Issuer.bearer(EVERYTHING)))
                    .isEqualTo(Attempts.all());
            assertThat(Attempts.allowed(node, "club:1", Issuer.bearer(NOTHING))).isEmpty();
        }
    }

    @Test
    void backendsAndUsersOwnRoomsAreNotItsConcern() {
        assertThat(Api.post(node, "/api/v1/rooms/deny:1/messages", "{\"payload\":1}", BACKEND.header())
                        .status())
                .isEqualTo(201);
        assertThat(Api.post(node, "/api/v1/rooms/blocks:1/messages", "{\"payload\":1}", BACKEND.header())
                        .status())
                .isEqualTo(201);
        assertThat(Attempts.allowed(node, "user:ann", Issuer.bearer(NOTHING))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"throws:1", "fails:1", "null:1", "never:1", "blocks:1"})
    void whereItDoesNotDecideThatOneRequestIsUnavailable(String room) {
        String data = "{\"room\":\"" + room + "\",\"payload\":1}";
        try (RawWebSocket socket = RawWebSocket.open(node, "/ws", Issuer.bearer(EVERYTHING))) {
            for (String type : new String[] {"room.join", "room.publish", "room.history", "presence.list"}) {
                JsonNode error = socket.fails(type, data);
                assertThat(error.get("code").asText()).as(type).isEqualTo("UNAVAILABLE");
                assertThat(error.get("retryAfterMs").asInt()).isPositive();
                assertThat(error.get("message").asText()).doesNotContain("Exception", "as teams'", "as databases");
            }
            socket.join("club:2"); // and the session goes on
        }
        try (EventStream stream = EventStream.open(node, "room=" + room, Issuer.bearer(EVERYTHING))) {
            assertThat(stream.status()).isEqualTo(503);
            assertThat(stream.problem().get("code").asText()).isEqualTo("UNAVAILABLE");
        }
        Api.Reply reply = Api.post(
                node,
                "/api/v1/rooms/" + room + "/messages",
                "{\"payload\":1}",
                "Authorization",
                "Bearer " + EVERYTHING);
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.header("retry-after")).isNotEmpty();
    }

    @Test
    void theMessagesOfABatchKeepTheirOrderAndEachIsAnsweredForItself() {
        String batch = """
                {"messages":[{"room":"quicker:1","payload":1},{"room":"fails:1","payload":2},
                 {"room":"quicker:1","payload":3},{"room":"deny:1","payload":4},{"room":"quicker:1","payload":5}]}""";
        JsonNode items = Api.post(node, "/api/v1/messages", batch, "Authorization", "Bearer " + EVERYTHING)
                .body()
                .get("items");
        assertThat(items.findValuesAsText("code")).containsExactly("UNAVAILABLE", "PERMISSION_DENIED");
        assertThat(List.of(0, 2, 4))
                .extracting(i -> items.get(i).get("seq").asInt())
                .containsExactly(1, 2, 3);
        JsonNode kept = Api.get(node, "/api/v1/rooms/quicker:1/messages", BACKEND.header())
                .body()
                .get("messages");
        assertThat(kept.findValuesAsText("payload")).containsExactly("1", "3", "5");
    }

    @Test
    void nobodyElseWaitsForIt() {
        try (RawWebSocket socket = RawWebSocket.open(node, "/ws", Issuer.bearer(EVERYTHING));
                RawWebSocket other = RawWebSocket.open(node, "/ws", Issuer.bearer(EVERYTHING))) {
            socket.join("club:3");
            long before = System.nanoTime();
            String blocked = socket.ask("room.publish", "{\"room\":\"blocks:2\",\"payload\":1}");
            other.publish("club:3", "\"other\"");
            socket.publish("club:3", "\"own\"");
            assertThat(socket.message("club:3").get("payload").asText()).isEqualTo("other");
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(TIMEOUT);
            assertThat(socket.answer(blocked).at("/data/code").asText()).isEqualTo("UNAVAILABLE");
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(TIMEOUT);
        }
    }

    @Test
    void theExampleOfTheDocsDoesWhatItSays() {
        String member = NOTHING;
        try (RawWebSocket socket = RawWebSocket.open(node, "/ws", Issuer.bearer(member))) {
            socket.join("team:red:plans");
            assertThat(Attempts.allowed(node, "team:red:plans", Issuer.bearer(member)))
                    .isEqualTo(Attempts.all());
        }
        String stranger = Issuer.token("eve", "*", Issuer.ALL);
        assertThat(Attempts.allowed(node, "team:red:plans", Issuer.bearer(stranger)))
                .isEmpty();
        assertThat(kick("team:red:plans", member)).isEqualTo(403);
        String suspended = Issuer.token("mallory", "*", Issuer.ALL);
        assertThat(Way.WEBSOCKET.knock(node, "", Issuer.bearer(suspended)).code())
                .isEqualTo("PERMISSION_DENIED");
        assertThat(Way.EVENTS.knock(node, "", Issuer.bearer(suspended)).code()).isEqualTo("PERMISSION_DENIED");
        try (RawWebSocket socket = RawWebSocket.handshake(node, "/ws?auth=message")) {
            socket.fails("auth.login", "{\"token\":\"" + suspended + "\"}");
            assertThat(socket.end().code()).isEqualTo(4003);
        }
    }
}
