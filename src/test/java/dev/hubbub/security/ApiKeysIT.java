package dev.hubbub.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.support.Api;
import dev.hubbub.support.Node;
import dev.hubbub.support.RawWebSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Backends' keys: each is good for its scopes alone, and goes without a restart. */
class ApiKeysIT {
    private static final List<String> SCOPES = List.of(
            "join:chat:*",
            "publish:chat:*",
            "publish:user:*",
            "presence:chat:*",
            "history:chat:*",
            "kick:chat:*",
            "rooms",
            "users",
            "nodes");
    private static final Keys ADMIN = Keys.of("admin", "admin");
    private static Path file;
    private static Node node;
    private static RawWebSocket member;

    @BeforeAll
    static void start() {
        file = Sites.file(Keys.file(all()));
        node = Sites.start("-Dhubbub.api-keys.file=" + file);
        member = RawWebSocket.open(node, "/ws", Issuer.bearer(Issuer.token("ann", "chat:*", Issuer.ALL)));
        member.join("chat:1");
    }

    /** A key of each scope alone, and one of all others. */
    private static Keys[] all() {
        List<Keys> all = new ArrayList<>(List.of(ADMIN, Keys.of("bare")));
        for (int i = 0; i < SCOPES.size(); i++) {
            all.add(only(SCOPES.get(i)));
            all.add(allBut(SCOPES.get(i)));
        }
        return all.toArray(Keys[]::new);
    }

    private static Keys only(String scope) {
        return Keys.of("only" + SCOPES.indexOf(scope), scope);
    }

    private static Keys allBut(String scope) {
        return Keys.of(
                "but" + SCOPES.indexOf(scope) + "x",
                SCOPES.stream().filter(s -> !s.equals(scope)).toArray(String[]::new));
    }

    @AfterAll
    static void stop() {
        member.close();
        Sites.stop(node);
    }

    private static Api.Reply call(String method, String path, Keys key) {
        String body = method.equals("POST") ? "{\"payload\":1}" : null;
        return Api.call(node, method, "/api/v1/" + path, body, key.header());
    }

    @ParameterizedTest
    @CsvSource({
        "POST,   rooms/chat:1/messages,     publish:chat:*,  201",
        "GET,    rooms/chat:1/messages,     history:chat:*,  200",
        "GET,    rooms/chat:1,              presence:chat:*, 200",
        "GET,    rooms/chat:1/members,      presence:chat:*, 200",
        "DELETE, rooms/chat:1/members/x,    kick:chat:*,     204",
        "DELETE, rooms/chat:1/members/x?banMs=5, kick:chat:*, 204",
        "GET,    rooms,                     rooms,           200",
        "POST,   users/x/messages,          publish:user:*,  201",
        "GET,    users/x,                   users,           200",
        "POST,   users/x/disconnect,        users,           204",
        "GET,    connections,               users,           200",
        "GET,    connections/none,          users,           404",
        "DELETE, connections/none,          users,           404",
        "GET,    nodes,                     nodes,           200"
    })
    void eachCallIsForKeysOfItsScope(String method, String path, String scope, int status) {
        for (Keys key : List.of(only(scope), ADMIN)) {
            assertThat(call(method, path, key).status()).as(key.id()).isEqualTo(status);
        }
        for (Keys key : List.of(allBut(scope), Keys.of("bare"))) {
            Api.Reply refused = call(method, path, key);
            assertThat(refused.status()).as(key.id()).isEqualTo(403);
            assertThat(refused.body().get("code").asText()).isEqualTo("PERMISSION_DENIED");
        }
        Keys forged = new Keys("admin", "secret-of-somebody-else", List.of(), "");
        assertThat(call(method, path, forged).status()).isEqualTo(401);
    }

    private static JsonNode publish(RawWebSocket socket, String room, int payload) {
        return socket.ok("room.publish", "{\"room\":\"" + room + "\",\"key\":\"k1\",\"payload\":" + payload + "}");
    }

    @Test
    void idempotencyKeysAreEachKeysOwnHoweverItComes() {
        Keys shop = only("publish:chat:*");
        Keys news = allBut("rooms");
        try (RawWebSocket first = RawWebSocket.open(node, "/ws", Issuer.bearer(shop.key()));
                RawWebSocket second = RawWebSocket.open(node, "/ws", Issuer.bearer(news.key()))) {
            JsonNode told = publish(first, "chat:keys", 1);
            assertThat(told.get("seq").asInt()).isEqualTo(1);
            assertThat(publish(second, "chat:keys", 2).get("seq").asInt())
                    .as("another payload")
                    .isEqualTo(2);
            publish(first, "chat:same", 1);
            assertThat(publish(second, "chat:same", 1).get("seq").asInt())
                    .as("the same payload")
                    .isEqualTo(2);
            Api.Reply repeat = Api.post(
                    node,
                    "/api/v1/rooms/chat:keys/messages",
                    "{\"payload\":1}",
                    "Authorization",
                    "Bearer " + shop.key(),
                    "Idempotency-Key",
                    "k1");
            assertThat(repeat.status()).isEqualTo(200);
            assertThat(repeat.body().get("seq")).isEqualTo(told.get("seq"));
        }
    }

    @Test
    void drainingIsForKeysOfNodes() {
        assertThat(call("POST", "nodes/none/drain", allBut("nodes")).status()).isEqualTo(403);
        assertThat(call("POST", "nodes/none/drain", only("nodes")).status()).isEqualTo(404);
    }

    @Test
    void ofABatchThoseMessagesAreRefusedThatAKeyIsNotFor() {
        Api.Reply reply = Api.post(
                node,
                "/api/v1/messages",
                "{\"payload\":1,\"rooms\":[\"chat:1\",\"news:1\",\"user:x\"]}",
                only("publish:chat:*").header());
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body().at("/items/0/seq").asLong()).isPositive();
        for (int i = 1; i < 3; i++) {
            assertThat(reply.body().at("/items/" + i + "/error/code").asText()).isEqualTo("PERMISSION_DENIED");
        }
    }

    @Test
    void aKeyIsNoUserAndGetsNoTicket() {
        for (Keys key : List.of(ADMIN, Keys.of("bare"))) {
            assertThat(call("POST", "tickets", key).status()).isEqualTo(403);
        }
    }

    @Test
    void onASocketAKeyIsGoodForItsScopesToo() {
        try (RawWebSocket socket = RawWebSocket.open(
                node, "/ws", Issuer.bearer(only("publish:chat:*").key()))) {
            socket.publish("chat:1", "1");
            for (String refused : List.of("chat:1", "news:1", "user:ann")) {
                assertThat(socket.fails("room.join", "{\"room\":\"" + refused + "\"}")
                                .get("code")
                                .asText())
                        .isEqualTo("PERMISSION_DENIED");
            }
            assertThat(socket.fails("room.publish", "{\"room\":\"news:1\",\"payload\":1}")
                            .get("code")
                            .asText())
                    .isEqualTo("PERMISSION_DENIED");
        }
    }

    /** All backends are one user: whoever may kick in a room must not be able to end what they hear. */
    @Test
    void noUserTakesBackendsOutOfARoomAndNobodyBansThem() {
        String path = "/api/v1/rooms/chat:9/members/backend";
        String[] moderator = {"Authorization", "Bearer " + Issuer.token("mod", "chat:*", "publish", "kick")};
        try (RawWebSocket backend =
                RawWebSocket.open(node, "/ws", Issuer.bearer(only("join:chat:*").key()))) {
            backend.join("chat:9");
            for (String query : List.of("", "?banMs=60000", "?banMs=0")) {
                Api.Reply refused = Api.delete(node, path + query, moderator);
                assertThat(refused.status()).as(query).isEqualTo(403);
                assertThat(refused.body().get("code").asText()).isEqualTo("PERMISSION_DENIED");
            }
            assertThat(Api.delete(node, path + "?banMs=60000", ADMIN.header()).status())
                    .isEqualTo(400);
            Api.post(node, "/api/v1/rooms/chat:9/messages", "{\"payload\":1}", moderator);
            assertThat(backend.message("chat:9").get("payload").asInt()).isEqualTo(1);
            assertThat(backend.all()).noneMatch(f -> f.path("type").asText().equals("room.removed"));
            assertThat(Api.delete(node, path, only("kick:chat:*").header()).status())
                    .isEqualTo(204);
            assertThat(backend.next("room.removed").at("/data/reason").asText()).isEqualTo("kicked");
        }
    }

    @Test
    void eachKeyHasAQuotaOfConnectionsOfItsOwn() {
        Keys one = Keys.of("shop1", "admin");
        Keys two = Keys.of("shop2", "admin");
        try (Node strict = Sites.start(
                        "-Dhubbub.api-keys.file=" + Sites.file(Keys.file(one, two)),
                        "-Dhubbub.limits.connections-per-user=1");
                RawWebSocket first = RawWebSocket.open(strict, "/ws", Issuer.bearer(one.key()))) {
            assertThat(first.user()).isEqualTo("backend");
            try (RawWebSocket second = RawWebSocket.handshake(strict, "/ws", Issuer.bearer(one.key()))) {
                assertThat(second.status()).isEqualTo(429);
            }
            try (RawWebSocket other = RawWebSocket.handshake(strict, "/ws", Issuer.bearer(two.key()))) {
                assertThat(other.status()).isEqualTo(101);
            }
            Sites.keepsSecrets(strict);
        }
    }

    @Test
    void keysThatAreAlmostRightAreNone() {
        String good = ADMIN.key();
        for (String wrong : List.of(
                good.substring(0, good.length() - 1),
                good + "x",
                good.toUpperCase(java.util.Locale.ROOT),
                good.replace("hbk_admin", "hbk_bare"),
                "hbk_",
                "hbk__",
                "hbk_admin_",
                "hbk_admin",
                "hbk_nobody_" + ADMIN.secret(),
                ADMIN.secret())) {
            for (Way way : Way.values()) {
                assertThat(way.knock(node, "", Issuer.bearer(wrong)).status())
                        .as("%s %s", way, wrong)
                        .isEqualTo(401);
            }
        }
    }

    /** A container that keeps values of headers for a connection without regard to case would take one for the other. */
    @Test
    void credentialsThatDifferInCaseAloneAreOthersOnTheSameConnectionToo() {
        String[] wrong = {"Authorization", "Bearer " + ADMIN.key().toUpperCase(java.util.Locale.ROOT)};
        for (int i = 0; i < 20; i++) {
            assertThat(status(node, ADMIN)).isEqualTo(200);
            assertThat(Api.get(node, "/api/v1/nodes", wrong).status()).isEqualTo(401);
        }
    }

    /** Replaced in one step, as a tool does it: the node must never read half of it. */
    private static void replace(Path file, String text) throws IOException {
        Files.move(Sites.file(text), file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void keysComeAndGoWithoutARestart() throws IOException {
        Keys before = Keys.of("before", "admin");
        Keys after = Keys.of("after", "admin");
        Keys past =
                new Keys("past", "secret-of-the-past-that-nobody-guesses", List.of("admin"), "2020-01-01T00:00:00Z");
        Path own = Sites.file(Keys.file(before));
        try (Node rotating = Sites.start("-Dhubbub.api-keys.file=" + own)) {
            assertThat(status(rotating, before)).isEqualTo(200);
            replace(own, Keys.file(before, after, past));
            Awaitility.await().until(() -> status(rotating, after) == 200);
            assertThat(status(rotating, before))
                    .as("both, while backends change over")
                    .isEqualTo(200);
            assertThat(status(rotating, past)).as("one whose time is over").isEqualTo(401);
            RawWebSocket stays = RawWebSocket.open(rotating, "/ws", Issuer.bearer(after.key()));
            RawWebSocket goes = RawWebSocket.open(rotating, "/ws", Issuer.bearer(before.key()));
            RawWebSocket echo = RawWebSocket.handshake(rotating, "/echo", Issuer.bearer(before.key()));
            replace(own, Keys.file(after));
            Awaitility.await().until(() -> status(rotating, before) == 401);
            assertThat(goes.end().code()).isEqualTo(4003);
            assertThat(echo.end()).isEqualTo(new RawWebSocket.End(4003, "the API key is no longer good"));
            stays.publish("chat:1", "1");
            stays.close();
            assertThat(status(rotating, after)).isEqualTo(200);
            replace(own, "{\"keys\":[{\"id\":\"" + "x".repeat(5)); // what cannot be read changes nothing
            Awaitility.await()
                    .until(() ->
                            status(rotating, after) == 200 && rotating.log().contains("cannot be used"));
            assertThat(status(rotating, after)).isEqualTo(200);
            Sites.keepsSecrets(rotating);
            assertThat(status(rotating, before)).isEqualTo(401);
        }
    }

    private static int status(Node node, Keys key) {
        return Api.get(node, "/api/v1/nodes", key.header()).status();
    }
}
