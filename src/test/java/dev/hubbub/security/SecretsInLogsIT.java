package dev.hubbub.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.support.Api;
import dev.hubbub.support.EventStream;
import dev.hubbub.support.Node;
import dev.hubbub.support.RawWebSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A node that tells all it can, and visitors who bring their secrets in every way there is, good ones and bad ones. Every
 * other suite of this package ends with the same search.
 */
class SecretsInLogsIT {
    private static final String ORIGIN = "Origin: https://example.com";

    @Test
    void noTokenTicketKeyOrCookieIsEverPrinted() {
        Keys key = Keys.of("backend", "admin");
        Node node = Sites.start(
                "-Ddev.hubbub.LEVEL=DEBUG",
                "-Dhubbub.auth.cookie=session",
                "-Dhubbub.auth.anonymous=true",
                "-Dhubbub.origins=https://example.com",
                "-Dhubbub.limits.handshakes-per-second=1",
                "-Dhubbub.limits.handshakes-burst=300",
                "-Dhubbub.api-keys.file=" + Sites.file(Keys.file(key)));
        try {
            String token = Issuer.token("ann", "*", Issuer.ALL);
            bringAll(node, token);
            bringAll(node, Sites.secret(token.substring(0, token.length() - 5) + "AAAAA"));
            bringAll(node, Issuer.token("ann", claims -> claims.expirationTime(Issuer.in(-3600))));
            bringAll(node, key.key());
            bringAll(node, Sites.secret(key.key() + "x"));
            try (RawWebSocket anonymous = RawWebSocket.open(node, "/ws", ORIGIN)) {
                String anon = Sites.secret(anonymous.anon());
                bringAll(node, anon);
                RawWebSocket.open(node, "/ws?anon=" + anon, ORIGIN).close();
            }
            String ticket = Sites.ticket(node, token);
            for (int i = 0; i < 2; i++) {
                Way.WEBSOCKET.knock(node, "ticket=" + ticket);
                Way.EVENTS.knock(node, "ticket=" + ticket + "&presence=wrong");
            }
            refusedByTheContainer(node, ticket);
            for (int i = 0; i < 350; i++) { // the limits have something to say too
                Way.WEBSOCKET.knock(node, "ticket=" + ticket, Issuer.bearer(Sites.secret("nobodys-token-" + i + "-x")));
            }
            assertThat(node.log()).contains("refused UNAUTHENTICATED", "refused HANDSHAKE_RATE", "DEBUG");
        } finally {
            Sites.stop(node);
        }
    }

    private static void bringAll(Node node, String secret) {
        for (Way way : Way.values()) {
            for (List<String> headers : List.of(
                    List.of(Issuer.bearer(secret)),
                    List.of("Authorization: " + secret),
                    List.of("Cookie: session=" + secret, ORIGIN),
                    List.of("Cookie: session=" + secret, "Origin: https://evil.io"))) {
                way.knock(node, "", headers.toArray(String[]::new));
            }
            way.knock(node, "ticket=" + secret + "&token=" + secret);
        }
        try (RawWebSocket socket = RawWebSocket.handshake(node, "/ws?auth=message")) {
            if (socket.status() == 101) {
                socket.ask("auth.login", "{\"token\":\"" + secret + "\"}");
                socket.next();
                socket.ask("auth.refresh", "{\"token\":\"" + secret + "\"}");
                socket.send("{\"type\":\"auth.refresh\",\"data\":{\"token\":[\"" + secret + "\"]}}");
                socket.send("{\"type\":\"" + secret + "\"");
                socket.poll(frame -> false, java.time.Duration.ofMillis(300));
            }
        }
        Api.get(node, "/api/v1/rooms/" + secret, "Authorization", "Bearer " + secret);
        EventStream.open(node, "room=" + secret, Issuer.bearer(secret)).close();
    }

    /** What only the container gets to see: its own page would tell of the inside. */
    private static void refusedByTheContainer(Node node, String ticket) {
        for (String path : List.of("/ws", "/events", "/api/v1/rooms")) {
            try (RawWebSocket socket = RawWebSocket.handshake(node, path + "?ticket=" + ticket + "%zz")) {
                assertThat(socket.status()).as(path).isEqualTo(400);
                assertThat(socket.problem().get("code").asText()).isEqualTo("INVALID_ARGUMENT");
                assertThat(socket.body())
                        .doesNotContainIgnoringCase("exception", "\tat ", "jetty", "dev.hubbub", ticket);
            }
        }
    }
}
