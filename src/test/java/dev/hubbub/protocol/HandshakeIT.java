package dev.hubbub.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.support.Api;
import dev.hubbub.support.Node;
import dev.hubbub.support.Nodes;
import dev.hubbub.support.RawWebSocket;
import dev.hubbub.support.RawWebSocket.End;
import org.junit.jupiter.api.Test;

/** How a WebSocket session begins: subprotocol, refusals before the upgrade, who the client is, login by message. */
class HandshakeIT {
    private final Node node = Nodes.shared();

    private static String protocolOf(RawWebSocket socket) {
        return socket.headers().get("sec-websocket-protocol");
    }

    @Test
    void subprotocolIsEchoed() {
        try (RawWebSocket socket = RawWebSocket.handshake(node, "/ws", "Sec-WebSocket-Protocol: hubbub.v1")) {
            assertThat(socket.status()).isEqualTo(101);
            assertThat(protocolOf(socket)).isEqualTo("hubbub.v1");
            assertThat(socket.headers()).containsEntry("sec-websocket-accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
            assertThat(socket.headers()).doesNotContainKey("sec-websocket-extensions");
        }
    }

    @Test
    void knownSubprotocolIsPickedOutOfSeveral() {
        try (RawWebSocket socket =
                RawWebSocket.handshake(node, "/ws", "Sec-WebSocket-Protocol: mqtt, hubbub.v1, hubbub.v2")) {
            assertThat(socket.status()).isEqualTo(101);
            assertThat(protocolOf(socket)).isEqualTo("hubbub.v1");
        }
    }

    @Test
    void withoutSubprotocolItIsV1AllTheSame() {
        try (RawWebSocket socket = RawWebSocket.handshake(node, "/ws")) {
            assertThat(socket.status()).isEqualTo(101);
            assertThat(protocolOf(socket)).isNull();
            assertThat(socket.next("session.opened").at("/data/protocol").asText())
                    .isEqualTo("hubbub.v1");
        }
    }

    @Test
    void onlyUnknownSubprotocolsAreRefusedBeforeTheUpgrade() {
        try (RawWebSocket socket = RawWebSocket.handshake(node, "/ws", "Sec-WebSocket-Protocol: hubbub.v2, mqtt")) {
            assertThat(socket.status()).isEqualTo(400);
            assertThat(socket.headers().get("content-type")).startsWith("application/problem+json");
            assertThat(socket.problem().get("code").asText()).isEqualTo("INVALID_ARGUMENT");
            assertThat(socket.problem().get("status").asInt()).isEqualTo(400);
            assertThat(socket.problem().get("detail").asText()).contains("hubbub.v1");
        }
    }

    @Test
    void plainGetNeedsAnUpgrade() {
        try (RawWebSocket socket = RawWebSocket.handshake(node, "/ws", "Upgrade: none")) {
            assertThat(socket.status()).isEqualTo(426);
            assertThat(socket.headers()).containsEntry("upgrade", "websocket");
            assertThat(socket.headers().get("content-type")).startsWith("application/problem+json");
        }
    }

    @Test
    void badHandshakesAreTheClientsFault() {
        for (String wrong : new String[] {"Sec-WebSocket-Version: 8", "Sec-WebSocket-Key: short"}) {
            try (RawWebSocket socket = RawWebSocket.handshake(
                    node, "/ws", "Upgrade: none", "Connection: Upgrade", "Upgrade: websocket", wrong)) {
                assertThat(socket.status()).as(wrong).isBetween(400, 426);
            }
        }
        try (RawWebSocket socket = RawWebSocket.open(node)) {
            socket.barrier(); // and the server goes on
        }
    }

    @Test
    void compressionIsNotAgreedUponUnlessConfigured() {
        try (RawWebSocket socket =
                RawWebSocket.handshake(node, "/ws", "Sec-WebSocket-Extensions: permessage-deflate")) {
            assertThat(socket.status()).isEqualTo(101);
            assertThat(socket.headers()).doesNotContainKey("sec-websocket-extensions");
        }
    }

    @Test
    void sessionOpenedComesFirstAndTellsAll() {
        try (RawWebSocket socket = RawWebSocket.open(node)) {
            assertThat(socket.all().get(0).get("type").asText()).isEqualTo("session.opened");
            JsonNode opened = socket.opened();
            assertThat(opened.get("pingMs").asInt()).isEqualTo(25_000);
            assertThat(opened.get("user").asText()).matches("[A-Za-z0-9_.@|~-]{1,120}");
            assertThat(opened.at("/limits/messageBytes").asInt()).isEqualTo(16_384);
            assertThat(opened.at("/limits/rooms").asInt()).isEqualTo(128);
            assertThat(opened.at("/limits/publishPerSecond").asInt()).isEqualTo(100_000);
            assertThat(opened.at("/limits/publishBurst").asInt()).isEqualTo(100_000);
            assertThat(opened.at("/userRoom/room").asText()).isEqualTo("user:" + socket.user());
            assertThat(opened.at("/userRoom/seq").asLong()).isZero();
            assertThat(opened.get("anon").asText()).startsWith(socket.user() + ".");
            assertThat(opened.has("expiresAt")).isFalse();
        }
    }

    @Test
    void anonymousIdThatIsOfferedAgainIsTheSameUser() {
        try (RawWebSocket first = RawWebSocket.open(node);
                RawWebSocket again = first.another(node);
                RawWebSocket forged = RawWebSocket.open(node, "/ws?anon=" + first.user() + ".forged");
                RawWebSocket bearer = RawWebSocket.handshake(node, "/ws", "Authorization: Bearer " + first.anon())) {
            assertThat(again.user()).isEqualTo(first.user());
            assertThat(again.anon()).isEqualTo(first.anon());
            assertThat(again.conn()).isNotEqualTo(first.conn());
            assertThat(forged.user()).isNotEqualTo(first.user());
            assertThat(bearer.next("session.opened").at("/data/user").asText()).isEqualTo(first.user());
        }
    }

    @Test
    void invalidBearerTokenIsRefused() {
        for (String authorization : new String[] {"Bearer nonsense", "Basic YTpi", "Bearer "}) {
            try (RawWebSocket socket = RawWebSocket.handshake(node, "/ws", "Authorization: " + authorization)) {
                assertThat(socket.status()).as(authorization).isEqualTo(401);
                assertThat(socket.problem().get("code").asText()).isEqualTo("UNAUTHENTICATED");
            }
        }
    }

    @Test
    void ticketLetsInOnce() {
        try (RawWebSocket first = RawWebSocket.open(node)) {
            Api.Reply reply = Api.post(node, "/api/v1/tickets", "", "Authorization", "Bearer " + first.anon());
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.body().get("expiresInMs").asInt()).isEqualTo(60_000);
            String path = "/ws?ticket=" + reply.body().get("ticket").asText();
            try (RawWebSocket socket = RawWebSocket.open(node, path);
                    RawWebSocket twice = RawWebSocket.handshake(node, path)) {
                assertThat(socket.user()).isEqualTo(first.user());
                assertThat(twice.status()).isEqualTo(401);
            }
        }
    }

    @Test
    void loginByMessage() {
        try (RawWebSocket known = RawWebSocket.open(node);
                RawWebSocket socket = RawWebSocket.handshake(node, "/ws?auth=message")) {
            assertThat(socket.status()).isEqualTo(101);
            // the server speaks only when spoken to: its first frame is the answer
            String id = socket.ask("auth.login", "{\"token\":\"" + known.anon() + "\"}");
            JsonNode first = socket.next();
            assertThat(first.get("type").asText()).isEqualTo("session.opened");
            assertThat(first.has("id")).as("id " + id).isFalse();
            assertThat(first.at("/data/user").asText()).isEqualTo(known.user());
            assertThat(socket.fails("auth.login", "{\"token\":\"" + known.anon() + "\"}")
                            .get("code")
                            .asText())
                    .isEqualTo("FAILED_PRECONDITION");
        }
    }

    @Test
    void silenceInsteadOfLoginIs4001AndNothingElse() {
        try (RawWebSocket socket = RawWebSocket.handshake(node, "/ws?auth=message")) {
            assertThat(socket.end().code()).isEqualTo(4001);
            assertThat(socket.all()).isEmpty();
        }
    }

    @Test
    void anythingElseBeforeLoginIsUnauthenticatedAnd4001() {
        String[] firsts = {
            "{\"type\":\"ping\",\"id\":\"1\"}",
            "{\"type\":\"room.join\",\"id\":\"1\",\"data\":{\"room\":\"a\"}}",
            "{\"type\":\"auth.login\",\"id\":\"1\",\"data\":{\"token\":\"nobody.knows\"}}",
            "{\"type\":\"auth.login\",\"id\":\"1\",\"data\":{}}",
            "{\"type\":\"no.such\",\"id\":\"1\"}"
        };
        for (String first : firsts) {
            try (RawWebSocket socket = RawWebSocket.handshake(node, "/ws?auth=message")) {
                JsonNode answer = socket.send(first).next();
                assertThat(answer.at("/data/code").asText()).as(first).isEqualTo("UNAUTHENTICATED");
                assertThat(answer.get("id").asText()).isEqualTo("1");
                assertThat(socket.end().code()).as(first).isEqualTo(4001);
            }
        }
        try (RawWebSocket socket = RawWebSocket.handshake(node, "/ws?auth=message")) {
            JsonNode answer = socket.send("not json").next();
            assertThat(answer.at("/data/code").asText()).isEqualTo("UNAUTHENTICATED");
            assertThat(answer.has("id")).isFalse();
            assertThat(socket.end().code()).isEqualTo(4001);
        }
    }

    @Test
    void loginAfterARefusedFirstMessageComesTooLate() {
        try (RawWebSocket known = RawWebSocket.open(node);
                RawWebSocket socket = RawWebSocket.handshake(node, "/ws?auth=message")) {
            socket.send("{\"type\":\"ping\"}");
            socket.ask("auth.login", "{\"token\":\"" + known.anon() + "\"}");
            assertThat(socket.end().code()).isEqualTo(4001);
            assertThat(socket.all()).hasSize(1);
        }
    }

    @Test
    void binaryBeforeLoginIs1003() {
        try (RawWebSocket socket = RawWebSocket.handshake(node, "/ws?auth=message")) {
            socket.raw(RawWebSocket.frame(RawWebSocket.FIN | RawWebSocket.BINARY, "x"));
            assertThat(socket.end()).extracting(End::code).isEqualTo(1003);
        }
    }

    @Test
    void refreshTakesATokenOfTheSameUserOnly() {
        try (RawWebSocket socket = RawWebSocket.open(node);
                RawWebSocket other = RawWebSocket.open(node)) {
            assertThat(socket.request("auth.refresh", "{\"token\":\"" + socket.anon() + "\"}")
                            .get("type")
                            .asText())
                    .isEqualTo("auth.refresh.reply");
            assertThat(socket.fails("auth.refresh", "{\"token\":\"" + other.anon() + "\"}")
                            .get("code")
                            .asText())
                    .isEqualTo("PERMISSION_DENIED");
            assertThat(socket.fails("auth.refresh", "{\"token\":\"x.y\"}")
                            .get("code")
                            .asText())
                    .isEqualTo("UNAUTHENTICATED");
            socket.barrier();
        }
    }

    @Test
    void operationsAnswer() {
        for (String path :
                new String[] {"/healthz", "/readyz", "/health/live", "/health/ready", "/health/started", "/metrics"}) {
            assertThat(Api.get(node, path).status()).as(path).isEqualTo(200);
        }
    }

    @Test
    void nothingTellsWhichSoftwareServes() {
        for (String path : new String[] {"/", "/healthz", "/api/v1/rooms", "/api/v1/none", "/no/such/page"}) {
            Api.Reply reply = Api.get(node, path);
            assertThat(reply.header("server")).as(path).isEmpty();
            assertThat(reply.response().body()).as(path).doesNotContainIgnoringCase("powered by");
        }
        try (RawWebSocket socket = RawWebSocket.open(node)) {
            assertThat(socket.headers()).doesNotContainKey("server");
        }
    }

    @Test
    void outsideOfDevelopmentModeNobodyGetsInWithoutCredentials() {
        try (Node closed = Node.start("-Dhubbub.dev=false")) {
            try (RawWebSocket socket = RawWebSocket.handshake(closed, "/ws")) {
                assertThat(socket.status()).isEqualTo(401);
                assertThat(socket.headers().get("content-type")).startsWith("application/problem+json");
                assertThat(socket.problem().get("code").asText()).isEqualTo("UNAUTHENTICATED");
            }
            for (String path : new String[] {"/echo", "/echo?auth=message"}) {
                try (RawWebSocket socket = RawWebSocket.handshake(closed, path)) {
                    assertThat(socket.status()).as(path).isEqualTo(401);
                }
            }
            assertThat(Api.get(closed, "/api/v1/rooms").status()).isEqualTo(401);
            assertThat(Api.get(closed, "/events?room=a").status()).isEqualTo(401);
        }
        try (Node closed = Node.start(
                "-Dhubbub.dev=false", "-Dhubbub.auth.anonymous=true", "-Dhubbub.origins=https://app.example")) {
            try (RawWebSocket socket = RawWebSocket.handshake(closed, "/ws")) {
                assertThat(socket.status()).isEqualTo(403);
            }
            try (RawWebSocket socket = RawWebSocket.open(closed, "/ws", "Origin: https://app.example")) {
                assertThat(socket.fails("room.join", "{\"room\":\"a\"}")
                                .get("code")
                                .asText())
                        .isEqualTo("PERMISSION_DENIED");
            }
        }
    }
}
