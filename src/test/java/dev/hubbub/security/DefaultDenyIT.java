package dev.hubbub.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.support.Api;
import dev.hubbub.support.EventStream;
import dev.hubbub.support.Node;
import dev.hubbub.support.RawWebSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is not set lets nobody in, and what is set wrongly lets nothing start: never fall back to more. */
class DefaultDenyIT {
    private static final List<String> CALLS = List.of(
            "GET rooms",
            "GET rooms/a",
            "GET rooms/a/messages",
            "POST rooms/a/messages",
            "GET rooms/a/members",
            "DELETE rooms/a/members/b",
            "POST messages",
            "GET users/a",
            "POST users/a/messages",
            "POST users/a/disconnect",
            "GET connections",
            "GET connections/a",
            "DELETE connections/a",
            "POST tickets",
            "GET nodes",
            "POST nodes/a/drain",
            "GET nothing",
            "PUT rooms/a");

    private static void nobodyGetsIn(Node node, String... headers) {
        for (String path : List.of(
                "/ws",
                "/ws?anon=anon-AAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA",
                "/ws?ticket=AAAAAAAAAAAAAAAAAAAAAA",
                "/echo")) {
            try (RawWebSocket socket = RawWebSocket.handshake(node, path, headers)) {
                assertThat(socket.status()).as(path).isIn(401, 403);
                assertThat(socket.headers().get("content-type")).startsWith("application/problem+json");
            }
        }
        for (String query : List.of("", "&anon=x.y", "&ticket=x", "&lastEventId=x")) {
            try (EventStream stream = EventStream.open(node, "room=a" + query, headers)) {
                assertThat(stream.status()).as(query).isIn(401, 403);
            }
        }
        for (String call : CALLS) {
            String[] parts = call.split(" ");
            Api.Reply reply = Api.call(node, parts[0], "/api/v1/" + parts[1], "{}", Way.pairs(headers));
            assertThat(reply.status()).as(call).isIn(401, 403);
            assertThat(reply.body().get("code").asText()).isIn("UNAUTHENTICATED", "PERMISSION_DENIED");
        }
    }

    @Test
    void aNodeOfWhichNothingIsSetLetsNobodyInAnywhere() {
        Node node = Node.launch("-Dhubbub.limits.enabled=false").awaitReady();
        try {
            nobodyGetsIn(node);
            nobodyGetsIn(node, "Origin: http://127.0.0.1:" + node.port());
            nobodyGetsIn(node, "Sec-Fetch-Site: same-origin");
            nobodyGetsIn(node, Issuer.bearer(Issuer.token("ann")));
            nobodyGetsIn(node, Issuer.bearer("hbk_admin_secret"));
            nobodyGetsIn(node, "Authorization: Basic YWRtaW46YWRtaW4=");
            nobodyGetsIn(node, "Cookie: session=" + Issuer.token("ann"));
            try (RawWebSocket socket = RawWebSocket.handshake(node, "/ws?auth=message")) {
                socket.fails("auth.login", "{\"token\":\"" + Issuer.token("ann") + "\"}");
                assertThat(socket.end().code()).isEqualTo(4001);
            }
        } finally {
            Sites.stop(node);
        }
    }

    @Test
    void anonymousUsersComeFromPagesThatAreAllowedAndMayDoNothing() {
        Node node = Sites.start("-Dhubbub.auth.anonymous=true", "-Dhubbub.origins=https://example.com");
        try {
            for (String headers : List.of("X-None: 1", "Origin: https://evil.io", "Origin: null")) {
                for (String path : List.of("/ws", "/echo")) {
                    try (RawWebSocket socket = RawWebSocket.handshake(node, path, headers)) {
                        assertThat(socket.status()).as(headers).isEqualTo(403);
                    }
                }
                try (EventStream stream = EventStream.open(node, "room=a", headers)) {
                    assertThat(stream.status()).as(headers).isEqualTo(403);
                }
            }
            try (RawWebSocket socket = RawWebSocket.open(node, "/ws", "Origin: https://example.com")) {
                assertThat(socket.user()).startsWith("anon-");
                Sites.secret(socket.anon());
                assertThat(Attempts.allowed(node, "lobby:1", Issuer.bearer(socket.anon())))
                        .isEmpty();
            }
            // of its own pages browsers say so in another header
            try (EventStream stream = EventStream.open(node, "room=a", "Sec-Fetch-Site: same-origin")) {
                assertThat(stream.problem().get("detail").asText()).contains("may not join");
            }
        } finally {
            Sites.stop(node);
        }
    }

    private static void doesNotStart(String key, String value, String... told) throws InterruptedException {
        endsAtOnce(Node.launch("-D" + key + "=" + value), key, told);
    }

    private static void doesNotStartWith(String variable, String value, String key, String... told)
            throws InterruptedException {
        endsAtOnce(Node.launchWith(Map.of(variable, value), "-Dhubbub.namespace.default.join=users"), key, told);
    }

    private static void endsAtOnce(Node launched, String key, String... told) throws InterruptedException {
        try (Node node = launched) {
            assertThat(node.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(node.process().exitValue()).isEqualTo(78);
            String[] lines = node.log().split("\n");
            assertThat(lines[lines.length - 1]).contains(key).contains(told);
            assertThat(node.log()).doesNotContain("Exception", "\tat ");
            Sites.keepsSecrets(node);
        }
    }

    /** Which values those are says {@link BadSettingsTest}. */
    @Test
    void whatIsSetWronglyStopsTheStartWithOneLine() throws InterruptedException {
        doesNotStart("hubbub.origins", "*", "scheme://host");
        doesNotStart("hubbub.auth.jwt.public-key-file", "/no/such/file", "/no/such/file", "a readable file");
        doesNotStart("hubbub.auth.jwt.jwks-file", Sites.file("{\"keys\":[]}").toString(), "JSON Web Key Set");
        doesNotStart("hubbub.api-keys.file", Sites.file("{\"keys\":1}").toString(), "a file of keys");
        doesNotStart("hubbub.sanctions.file", "/no/such/directory/file", "a file that can be written");
        doesNotStart("hubbub.sanctions.file", Sites.file("text").toString(), "no file of sanctions");
        doesNotStart("hubbub.auth.jwt.secret", Sites.secret("too-short-to-be-a-secret"), "(hidden)", "32");
    }

    /** Which those are says {@code EmptySettingsTest}. */
    @Test
    void whatIsSetToNothingIsNotTakenForWhatIsNotSet() throws InterruptedException {
        doesNotStart("hubbub.auth.jwt.audience", "${NOBODY_SETS_THIS}", "each ${name} is set");
        doesNotStart("hubbub.auth.jwt.algorithms", "", "some of the default");
        doesNotStart("hubbub.namespace.staff.join", "", "nobody, backend");
        doesNotStartWith("HUBBUB_NAMESPACE_STAFF_JOIN", "", "hubbub.namespace.staff.join", "nobody, backend");
        doesNotStartWith("HUBBUB_AUTH_JWT_ALGORITHMS", "", "hubbub.auth.jwt.algorithms", "some of the default");
        doesNotStartWith("HUBBUB_AUTH_JWT_AUDIENCE", "${NOBODY_SETS_THIS}", "hubbub.auth.jwt.audience", "is set");
    }
}
