package dev.hubbub.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.support.Api;
import dev.hubbub.support.Node;
import dev.hubbub.support.RawWebSocket;
import dev.hubbub.support.Wire;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * DNS rebinding: a page has its own name point to this machine, where a node runs in development mode and takes whoever
 * comes for a backend. The browser thinks that they are of one origin, and so sends no Origin with what the page reads.
 */
class RebindingIT {
    private static final String UPGRADE = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

    /** Requests up to their Host: every way in, and what else there is to see. */
    private static final List<String> WAYS = List.of(
            "GET /api/v1/rooms HTTP/1.1\r\n",
            "GET /api/v1/rooms/chat:a/messages HTTP/1.1\r\nSec-Fetch-Site: same-origin\r\n",
            "POST /api/v1/tickets HTTP/1.1\r\nContent-Length: 0\r\n",
            "OPTIONS /api/v1/rooms HTTP/1.1\r\nAccess-Control-Request-Method: GET\r\n",
            "GET /events?room=chat:a HTTP/1.1\r\n",
            "GET /ws HTTP/1.1\r\n" + UPGRADE,
            "GET /echo HTTP/1.1\r\n" + UPGRADE,
            "GET /metrics HTTP/1.1\r\n",
            "GET /chat.html HTTP/1.1\r\n");

    private static Node node;

    @BeforeAll
    static void start() {
        node = Node.start("-Dhubbub.origins=https://app.example.com,https://*.example.org");
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    /** @param problem empty where it is no refusal in the form that they have */
    private record Answer(int status, String problem) {}

    private static Answer knock(Node at, String request, String headers) {
        try (Wire wire = new Wire(at.port(), 0)) {
            wire.write((request + headers + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            Wire.Head head = wire.head(RawWebSocket.PATIENCE);
            if (!head.headers().getOrDefault("content-type", "").startsWith("application/problem+json")) {
                return new Answer(head.status(), "");
            }
            int length = Integer.parseInt(head.headers().get("content-length"));
            assertThat(wire.await(length, Wire.deadline(RawWebSocket.PATIENCE))).isTrue();
            return new Answer(head.status(), new String(wire.take(length), StandardCharsets.UTF_8));
        }
    }

    private static String host(String name) {
        return "Host: " + name + "\r\n";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:8080",
                "EVIL.example.:8080",
                "localhost.evil.example",
                "127.0.0.1.nip.io:8080",
                "printer.local"
            })
    void inDevelopmentModeNoWayInIsOpenByAStrangersName(String name) {
        for (String way : WAYS) {
            Answer answer = knock(node, way, host(name));
            assertThat(answer.status()).as(way).isEqualTo(403);
            assertThat(answer.problem()).contains("PERMISSION_DENIED", name, "hubbub.origins", "hubbub.dev");
        }
    }

    @Test
    void whateverElseTheStrangerBringsDoesNotHelp() {
        long before = Api.metric(node, "hubbub_refused", "reason=\"host\"");
        for (String more : List.of(
                "X-Forwarded-Host: localhost\r\n",
                "Forwarded: host=localhost\r\n",
                "Origin: http://localhost:8080\r\n",
                "Origin: https://app.example.com\r\n",
                "Authorization: Bearer x\r\n")) {
            for (String way : WAYS) {
                assertThat(knock(node, way, host("evil.example") + more).status())
                        .as(way + more)
                        .isEqualTo(403);
            }
        }
        assertThat(Api.metric(node, "hubbub_refused", "reason=\"host\"")).isEqualTo(before + 5L * WAYS.size());
        assertThat(node.log()).contains("refused HOST");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:8080",
                "LocalHost.",
                "app.localhost",
                "127.0.0.1:8080",
                "[::1]:8080",
                "192.168.1.20",
                "hubbub:8080",
                "app.example.com:8080",
                "a.example.org"
            })
    void nearAndListedNamesAreTaken(String name) {
        for (String way : WAYS) {
            int status = knock(node, way, host(name)).status();
            // a preflight without an Origin is no page's
            assertThat(status).as(way).isIn(way.startsWith("OPTIONS") ? List.of(403) : List.of(101, 200));
        }
    }

    @Test
    void aRequestWithoutAHostComesFromNoBrowser() {
        assertThat(knock(node, "GET /api/v1/rooms HTTP/1.0\r\n", "").status()).isEqualTo(200);
    }

    @Test
    void whereAnyPageMayConnectAndOutsideDevelopmentModeAnyNameWillDo() {
        try (Node open = Node.start("-Dhubbub.origins=*")) {
            assertThat(knock(open, WAYS.get(0), host("evil.example")).status()).isEqualTo(200);
        }
        Node closed = Sites.start();
        try {
            assertThat(knock(closed, WAYS.get(0), host("chat.example.com")).status())
                    .isEqualTo(401);
        } finally {
            Sites.stop(closed);
        }
    }
}
