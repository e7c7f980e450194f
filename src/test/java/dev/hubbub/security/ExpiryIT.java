package dev.hubbub.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.support.Api;
import dev.hubbub.support.EventStream;
import dev.hubbub.support.Node;
import dev.hubbub.support.RawWebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What becomes of a session when its token's time is over, or when a new token grants less. */
class ExpiryIT {
    private static final int EXPIRED = 4101;
    private static final long GRACE_MS = 1_000;
    private static Node node;

    @BeforeAll
    static void start() {
        List<String> options = new ArrayList<>(List.of(Way.OPEN));
        options.add("-Dhubbub.auth.expiry-grace=PT1S");
        options.add("-Dhubbub.auth.jwt.skew=PT0S");
        options.add("-Dhubbub.auth.cookie=session");
        options.add("-Dhubbub.origins=https://example.com");
        node = Sites.start(options.toArray(String[]::new));
    }

    @AfterAll
    static void stop() {
        Sites.stop(node);
    }

    private static String until(String user, Date end) {
        return Issuer.token(user, claims -> claims.expirationTime(end));
    }

    private static String refresh(String token) {
        return "{\"token\":\"" + token + "\"}";
    }

    /** A date whose parts of a second a token has not. */
    private static Date soon() {
        return new Date(Issuer.in(3).getTime() / 1000 * 1000);
    }

    @Test
    void aSocketIsClosedWith4101AfterItsTokensEndAndTheGraceAndNotBefore() {
        Date end = soon();
        try (RawWebSocket socket = RawWebSocket.open(node, "/ws", Issuer.bearer(until("ann", end)))) {
            assertThat(socket.opened().get("expiresAt").asLong()).isEqualTo(end.getTime());
            assertThat(socket.end()).isEqualTo(new RawWebSocket.End(EXPIRED, "the token has expired"));
            assertThat(System.currentTimeMillis() - end.getTime()).isBetween(GRACE_MS, GRACE_MS + 3_000);
        }
    }

    @Test
    void anEchoEndsAsASocketDoes() {
        Date end = soon();
        try (RawWebSocket echo = RawWebSocket.handshake(node, "/echo", Issuer.bearer(until("ann", end)))) {
            assertThat(echo.status()).isEqualTo(101);
            assertThat(echo.end()).isEqualTo(new RawWebSocket.End(EXPIRED, "the token has expired"));
            assertThat(System.currentTimeMillis() - end.getTime()).isBetween(GRACE_MS, GRACE_MS + 3_000);
        }
    }

    @Test
    void aStreamIsToldItWith4101AndThatItMayComeBack() {
        try (EventStream stream = EventStream.open(node, "room=" + Way.ROOM, Issuer.bearer(until("ann", soon())))) {
            JsonNode closed = stream.next("session.closed").content();
            assertThat(closed.get("code").asInt()).isEqualTo(EXPIRED);
            assertThat(closed.get("reconnect").asBoolean()).isTrue();
            assertThat(stream.ends(Duration.ofSeconds(10))).isTrue();
        }
    }

    @Test
    void aSessionByCookieEndsWithTheTokenInIt() {
        try (RawWebSocket socket = RawWebSocket.open(
                node, "/ws", "Origin: https://example.com", "Cookie: session=" + until("ann", soon()))) {
            assertThat(socket.end().code()).isEqualTo(EXPIRED);
        }
    }

    @Test
    void whoRefreshesInTimeStays() {
        try (RawWebSocket renewed = RawWebSocket.open(node, "/ws", Issuer.bearer(until("ann", soon())));
                RawWebSocket late = RawWebSocket.open(node, "/ws", Issuer.bearer(until("ann", soon())))) {
            Date end = new Date(Issuer.in(3_000).getTime() / 1000 * 1000);
            assertThat(renewed.ok("auth.refresh", refresh(until("ann", end)))
                            .get("expiresAt")
                            .asLong())
                    .isEqualTo(end.getTime());
            assertThat(late.end().code()).isEqualTo(EXPIRED);
            renewed.join(Way.ROOM);
        }
    }

    @Test
    void aTokenMayBeRefreshedWithinTheGrace() {
        Date end = soon();
        try (RawWebSocket socket = RawWebSocket.open(node, "/ws", Issuer.bearer(until("ann", end)))) {
            org.awaitility.Awaitility.await().until(() -> System.currentTimeMillis() > end.getTime());
            socket.ok("auth.refresh", refresh(Issuer.token("ann")));
            socket.join(Way.ROOM);
        }
    }

    @Test
    void roomsThatANewTokenDoesNotGrantAreLeftAndTold() {
        String both =
                Issuer.token("ann", c -> c.claim("rooms", Map.of("a:1", List.of("join"), "a:2", List.of("join"))));
        try (RawWebSocket socket = RawWebSocket.open(node, "/ws", Issuer.bearer(both));
                RawWebSocket other =
                        RawWebSocket.open(node, "/ws", Issuer.bearer(Issuer.token("bob", "a:*", "publish")))) {
            socket.join("a:1");
            socket.join("a:2");
            socket.ok("auth.refresh", refresh(Issuer.token("ann", "a:2", "join")));
            JsonNode removed = socket.next("room.removed").get("data");
            assertThat(removed.get("room").asText()).isEqualTo("a:1");
            assertThat(removed.get("reason").asText()).isEqualTo("permission withdrawn");
            other.publish("a:1", "\"unheard\"");
            other.publish("a:2", "\"heard\"");
            assertThat(socket.message("a:2").get("payload").asText()).isEqualTo("heard");
            assertThat(socket.all()).noneMatch(f -> f.toString().contains("unheard"));
            assertThat(socket.fails("room.join", "{\"room\":\"a:1\"}")
                            .get("code")
                            .asText())
                    .isEqualTo("PERMISSION_DENIED");
        }
    }

    @Test
    void whoLosesPresenceAloneIsNotListedAnyMoreAndStillHears() {
        String watcher = Issuer.token("bob", "b:*", Issuer.ALL);
        try (RawWebSocket socket =
                        RawWebSocket.open(node, "/ws", Issuer.bearer(Issuer.token("ann", "b:*", Issuer.ALL)));
                RawWebSocket other = RawWebSocket.open(node, "/ws", Issuer.bearer(watcher))) {
            other.join("b:1");
            assertThat(socket.join("b:1").get("count").asInt()).isEqualTo(2);
            socket.ok("auth.refresh", refresh(Issuer.token("ann", "b:*", "join", "publish")));
            assertThat(other.next("presence.left").at("/data/member/user").asText())
                    .isEqualTo("ann");
            Api.Reply members = Api.get(node, "/api/v1/rooms/b:1/members", "Authorization", "Bearer " + watcher);
            assertThat(members.body().get("items")).hasSize(1);
            other.publish("b:1", "\"still\"");
            assertThat(socket.message("b:1").get("payload").asText()).isEqualTo("still");
            assertThat(socket.fails("presence.list", "{\"room\":\"b:1\"}")
                            .get("code")
                            .asText())
                    .isEqualTo("PERMISSION_DENIED");
            // and what happens there is not told any more
            other.ok("presence.update", "{\"room\":\"b:1\",\"status\":{\"secret\":1}}");
            other.publish("b:1", "\"last\"");
            socket.message("b:1");
            assertThat(socket.barrier().all()).noneMatch(f -> f.toString().contains("\"secret\""));
        }
    }
}
