package dev.hubbub.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.support.Api;
import dev.hubbub.support.Node;
import dev.hubbub.support.RawWebSocket;
import dev.hubbub.support.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever is refused at the door is counted, once, whichever way it came, and told after a pause. */
class RefusalsIT {
    private static final String GOOD = "https://example.com";
    private static final Keys BARE = Keys.of("bare");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static Node node;
    private static String cookie;

    @BeforeAll
    static void start() {
        node = Sites.start(
                "-Dhubbub.auth.cookie=session",
                "-Dhubbub.auth.anonymous=true",
                "-Dhubbub.origins=" + GOOD,
                "-Dhubbub.limits.refusal-pause=" + PAUSE,
                "-Dhubbub.api-keys.file=" + Sites.file(Keys.file(BARE)));
        cookie = "Cookie: session=" + Issuer.token("ann");
    }

    @AfterAll
    static void stop() {
        Sites.stop(node);
    }

    private interface Attempt {
        int status();
    }

    private static void counts(String reason, int status, Attempt attempt) {
        long before = total();
        long own = Api.metric(node, "hubbub_refused", "reason=\"" + reason + "\"");
        assertThat(attempt.status()).isEqualTo(status);
        assertThat(Api.metric(node, "hubbub_refused", "reason=\"" + reason + "\""))
                .isEqualTo(own + 1);
        assertThat(total()).as("nothing else is counted").isEqualTo(before + 1);
    }

    private static long total() {
        return Api.get(node, "/metrics")
                .response()
                .body()
                .lines()
                .filter(line -> line.startsWith("hubbub_refused{"))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aForeignPage(Way way) {
        String token = Issuer.bearer(Issuer.token("ann"));
        counts(
                "origin",
                403,
                () -> way.knock(node, "", "Origin: https://evil.io", token).status());
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aCookieOrNothingThatComesFromNoPage(Way way) {
        counts("origin", 403, () -> way.knock(node, "", cookie).status());
        counts("origin", 403, () -> way.knock(node, "", "X-None: 1").status());
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aTokenThatIsNoGood(Way way) {
        counts(
                "unauthenticated",
                401,
                () -> way.knock(node, "", Issuer.bearer("x")).status());
    }

    /** So that whoever knocks again at once does not come as fast as it can be refused. */
    @ParameterizedTest
    @EnumSource(Way.class)
    void isToldAfterAPause(Way way) {
        pauses(401, () -> way.knock(node, "", Issuer.bearer("x")).status());
        pauses(403, () -> way.knock(node, "", "Origin: https://evil.io").status());
        pauses(400, () -> way.knock(node, "x=%FF").status());
    }

    private static void pauses(int status, Attempt attempt) {
        long begun = System.nanoTime();
        assertThat(attempt.status()).isEqualTo(status);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(PAUSE);
    }

    /** What was refused later than its turn is in nobody's way: the connection goes on. */
    @Test
    void theConnectionTakesWhatComesNext() {
        String refused = "POST /api/v1/messages HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer x\r\n"
                + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
        String health = "GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n";
        try (Wire wire = new Wire(node.port(), 0)) {
            wire.write((refused + refused + health).getBytes(StandardCharsets.US_ASCII));
            for (int status : new int[] {401, 401, 200}) {
                Wire.Head head = wire.head(PATIENCE);
                assertThat(head.status()).isEqualTo(status);
                int length = Integer.parseInt(head.headers().get("content-length"));
                assertThat(wire.await(length, Wire.deadline(PATIENCE))).isTrue();
                wire.take(length);
            }
        }
    }

    @Test
    void aPreflightOfAForeignPage() {
        for (String path : new String[] {"/api/v1/tickets", "/events"}) {
            counts(
                    "origin",
                    403,
                    () -> Api.call(
                                    node,
                                    "OPTIONS",
                                    path,
                                    null,
                                    "Origin",
                                    "https://evil.io",
                                    "Access-Control-Request-Method",
                                    "POST")
                            .status());
        }
    }

    @Test
    void anEchoOfAForeignPage() {
        counts("origin", 403, () -> {
            try (RawWebSocket socket = RawWebSocket.handshake(node, "/echo", "Origin: https://evil.io")) {
                return socket.status();
            }
        });
    }

    @Test
    void whatAKeyIsNotFor() {
        for (String path : new String[] {"rooms", "users/x", "connections", "nodes", "rooms/chat:1"}) {
            counts(
                    "permission",
                    403,
                    () -> Api.get(node, "/api/v1/" + path, BARE.header()).status());
        }
        counts(
                "permission",
                403,
                () -> Api.post(node, "/api/v1/tickets", "", BARE.header()).status());
    }
}
