package dev.hubbub.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.support.Api;
import dev.hubbub.support.Node;
import dev.hubbub.support.RawWebSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages of other sites, in the browser of somebody who is logged in: the cookie comes along, and must not help them. */
class OriginIT {
    private static final String GOOD = "https://example.com";
    private static Node node;
    private static String cookie;

    @BeforeAll
    static void start() {
        List<String> options = new ArrayList<>(List.of(Way.OPEN));
        options.add("-Dhubbub.auth.cookie=session");
        options.add(
                "-Dhubbub.origins=" + GOOD + ",https://*.example.org,http://localhost:3000,https://example.net:443");
        node = Sites.start(options.toArray(String[]::new));
        cookie = "Cookie: other=1; session=" + Issuer.token("ann");
    }

    @AfterAll
    static void stop() {
        Sites.stop(node);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.io",
                "null",
                "",
                "*",
                "https://example.com.evil.io",
                "https://evilexample.com",
                "https://evil.io/example.com",
                "https://sub.example.com",
                "https://example.com:8443",
                "https://example.com:80",
                "http://example.com",
                "wss://example.com",
                "https://example.com@evil.io",
                "https://evil.io@example.com",
                "https://user:pass@example.com",
                "https://example.com.",
                "https://example.com/",
                "https://example.com#",
                "https://example.com evil",
                "https://example.com, https://evil.io",
                "https://*.example.org",
                "https://example.org",
                "https://.example.org",
                "https://a.example.org.evil.io",
                "https://evilexample.org",
                "https://evil.io/.example.org",
                "https://evil.io?.example.org",
                "https://evil.io#.example.org",
                "https://evil.io\\.example.org",
                "https://a@b.example.org",
                "https://a..example.org",
                "https://a.example.org:8443",
                "http://a.example.org",
                "http://localhost",
                "http://localhost:3001",
                "http://127.0.0.1:3000",
                "https://localhost:3000"
            })
    void aForeignPageIsRefusedEveryWayWhateverItBrings(String origin) {
        String ticket = Sites.ticket(node, Issuer.token("ann"));
        for (Way way : Way.values()) {
            for (String credential : List.of(cookie, Issuer.bearer(Issuer.token("ann")), "X-None: 1")) {
                Way.Answer answer = way.knock(node, "ticket=" + ticket, "Origin: " + origin, credential);
                assertThat(answer.status()).as("%s %s", way, credential).isEqualTo(403);
                assertThat(answer.code()).isEqualTo("PERMISSION_DENIED");
                assertThat(answer.headers()).doesNotContainKey("access-control-allow-origin");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                GOOD,
                "HTTPS://EXAMPLE.COM",
                "https://a.example.org",
                "https://a.b.example.org",
                "http://localhost:3000",
                "https://example.net"
            })
    void anAllowedPageGetsInWithItsCookie(String origin) {
        for (Way way : Way.values()) {
            Way.Answer answer = way.knock(node, "", "Origin: " + origin, cookie);
            assertThat(answer.in()).as("%s %s", way, answer).isTrue();
            if (way != Way.WEBSOCKET) {
                // to the letter, or a browser would not believe it
                assertThat(answer.headers()).containsEntry("access-control-allow-origin", origin);
                assertThat(answer.headers()).containsEntry("access-control-allow-credentials", "true");
                assertThat(answer.headers().get("vary")).contains("Origin");
            }
        }
    }

    @Test
    void aCookieWithoutAnOriginIsRefusedEveryWay() {
        for (Way way : Way.values()) {
            Way.Answer answer = way.knock(node, "", cookie);
            assertThat(answer.status()).as(way.name()).isEqualTo(403);
            assertThat(answer.code()).isEqualTo("PERMISSION_DENIED");
            assertThat(way.knock(node, "", cookie, "Sec-Fetch-Site: cross-site").status())
                    .isEqualTo(403);
            assertThat(way.knock(node, "", cookie, "Sec-Fetch-Site: same-site").status())
                    .isEqualTo(403);
        }
    }

    @Test
    void aPageOfTheNodeItselfMayReadThoughBrowsersSendNoOriginThen() {
        assertThat(Way.READ
                        .knock(node, "", cookie, "Sec-Fetch-Site: same-origin")
                        .in())
                .isTrue();
        assertThat(Way.EVENTS
                        .knock(node, "", cookie, "Sec-Fetch-Site: same-origin")
                        .in())
                .isTrue();
    }

    @Test
    void aTokenNeedsNoOrigin() {
        for (Way way : Way.values()) {
            assertThat(way.knock(node, "", Issuer.bearer(Issuer.token("ann"))).in())
                    .as(way.name())
                    .isTrue();
        }
    }

    @Test
    void aCookieThatHoldsNoGoodTokenIs401ForAnAllowedPage() {
        for (Way way : Way.values()) {
            Way.Answer answer = way.knock(node, "", "Origin: " + GOOD, "Cookie: session=nonsense");
            assertThat(answer.status()).as(way.name()).isEqualTo(401);
            assertThat(answer.code()).isEqualTo("UNAUTHENTICATED");
        }
    }

    /** Whoever fetched a ticket means it; a cookie comes along by itself. */
    @Test
    void aTicketIsTakenBeforeTheCookie() {
        String old = "Cookie: session=" + Issuer.token("ann", claims -> claims.expirationTime(Issuer.in(-600)));
        for (Way way : List.of(Way.WEBSOCKET, Way.EVENTS)) {
            for (String[] headers : new String[][] {
                {old, "Origin: " + GOOD}, {old, "X-None: 1"}, {cookie, "X-None: 1"}, {cookie, "Origin: " + GOOD}
            }) {
                String ticket = "ticket=" + Sites.ticket(node, Issuer.token("bob"));
                assertThat(way.knock(node, ticket, headers).in())
                        .as("%s %s", way, List.of(headers))
                        .isTrue();
                assertThat(way.knock(node, ticket, headers).status())
                        .as("it is used up then, and no other credential stands in for it")
                        .isEqualTo(401);
            }
        }
        try (RawWebSocket socket = RawWebSocket.open(
                node, "/ws?ticket=" + Sites.ticket(node, Issuer.token("bob")), cookie, "Origin: " + GOOD)) {
            assertThat(socket.user()).isEqualTo("bob");
        }
        try (RawWebSocket socket = RawWebSocket.open(
                node,
                "/ws?ticket=" + Sites.ticket(node, Issuer.token("bob")),
                cookie,
                Issuer.bearer(Issuer.token("carl")))) {
            assertThat(socket.user()).as("a bearer token is before both").isEqualTo("carl");
        }
    }

    private static Api.Reply preflight(String path, String origin, String method) {
        return Api.call(
                node,
                "OPTIONS",
                path,
                null,
                "Origin",
                origin,
                "Access-Control-Request-Method",
                method,
                "Access-Control-Request-Headers",
                "authorization");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/rooms/open:door/messages", "/api/v1/tickets", "/events?room=open:door"})
    void aPreflightIsAnsweredForAllowedPagesAlone(String path) {
        Api.Reply good = preflight(path, GOOD, "POST");
        assertThat(good.status()).isEqualTo(204);
        assertThat(good.header("access-control-allow-origin")).isEqualTo(GOOD);
        assertThat(good.header("access-control-allow-methods")).contains("GET", "POST", "DELETE");
        assertThat(good.header("access-control-allow-headers")).contains("Authorization", "Idempotency-Key");
        assertThat(good.header("access-control-allow-credentials")).isEqualTo("true");
        assertThat(good.response().headers().allValues("vary")).anyMatch(v -> v.contains("Origin"));
        for (String foreign : List.of("https://evil.io", "null", "https://example.com.evil.io")) {
            Api.Reply refused = preflight(path, foreign, "POST");
            assertThat(refused.status()).as(foreign).isEqualTo(403);
            assertThat(refused.response().headers().map().keySet()).noneMatch(h -> h.startsWith("access-control"));
            assertThat(refused.response().headers().allValues("vary")).anyMatch(v -> v.contains("Origin"));
        }
    }
}
