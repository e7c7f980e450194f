package dev.hubbub.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.support.Api;
import dev.hubbub.support.Node;
import dev.hubbub.support.RawWebSocket;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** More come at once than a node lets in. One place comes back each second, so each test lets it run dry first. */
class HerdIT {
    private static final int BURST = 40;
    private static final String PAGE = "Origin: https://example.com";
    private Node node;
    private static final String TOKEN = Issuer.bearer(Issuer.token("ann"));

    @BeforeEach
    void start() {
        node = Sites.start(
                "-Dhubbub.limits.node-handshakes-per-second=1",
                "-Dhubbub.limits.node-handshakes-burst=" + BURST,
                "-Dhubbub.auth.anonymous=true",
                "-Dhubbub.auth.cookie=who",
                "-Dhubbub.origins=https://example.com",
                "-Dhubbub.namespace.open.join=anyone",
                "-Dhubbub.namespace.open.publish=users",
                "-Dhubbub.namespace.open.members=anyone");
    }

    @AfterEach
    void stop() {
        Sites.stop(node);
    }

    private static List<Way> connections() {
        return List.of(Way.WEBSOCKET, Way.EVENTS);
    }

    /** Knocks until one is refused; how many got in. */
    private int flood(Way way, String query, String... headers) {
        for (int in = 0; in < 5 * BURST; in++) {
            Way.Answer answer = way.knock(node, query, headers);
            if (!answer.in()) {
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.code()).isEqualTo("UNAVAILABLE");
                assertThat(Integer.parseInt(answer.headers().get("retry-after")))
                        .isBetween(1, 10);
                return in;
            }
        }
        throw new AssertionError("all get in");
    }

    private long shed() {
        return Api.metric(node, "hubbub_refused", "reason=\"node_handshake_rate\"");
    }

    @ParameterizedTest
    @MethodSource("connections")
    void strangersLeaveMostOfItToUsersAndWhoIsInNoticesNothing(Way way) {
        try (RawWebSocket ann = RawWebSocket.open(node, "/ws", TOKEN)) {
            ann.join(Way.ROOM);
            assertThat(flood(way, "", PAGE)).isBetween(BURST / 4 - 1, BURST / 2);
            assertThat(shed()).isEqualTo(1);
            for (int user = 0; user < BURST / 2 - 5; user++) {
                assertThat(way.knock(node, "", TOKEN).in()).isTrue();
            }
            flood(way, "", TOKEN);
            assertThat(shed()).isEqualTo(2);
            assertThat(way.knock(node, "", PAGE).status()).isEqualTo(503);
            ann.publish(Way.ROOM, "1");
            assertThat(ann.message(Way.ROOM).get("payload").asInt()).isEqualTo(1);
            assertThat(Way.WRITE.knock(node, "", TOKEN).in()).isTrue();
        }
    }

    /** Who they are is not known before they are in. */
    @Test
    void whoLogsInByMessageIsAStrangerUntilThen() {
        assertThat(flood(Way.WEBSOCKET, "auth=message", PAGE)).isBetween(BURST / 4 - 1, BURST / 2);
        assertThat(Way.WEBSOCKET.knock(node, "", TOKEN).in()).isTrue();
    }

    /** Whoever else comes does not notice. */
    @Test
    void oneUserComesNoFasterThanOneAddressFromHoweverMany() {
        String[] few = {
            "-Dhubbub.limits.handshakes-per-second=20",
            "-Dhubbub.limits.handshakes-burst=50",
            "-Dhubbub.limits.connections-per-user=20"
        };
        try (Node roomy = Sites.start(few)) {
            int in = 0;
            Api.Reply ticket;
            do { // again where one comes back just then
                Way.Answer answer = knockFrom(in, roomy, TOKEN);
                while (answer.in()) {
                    in++;
                    answer = knockFrom(in, roomy, TOKEN);
                }
                assertThat(answer.status()).isEqualTo(429);
                assertThat(answer.detail()).isEqualTo("too many handshakes of this user");
                assertThat(Integer.parseInt(answer.headers().get("retry-after")))
                        .isPositive();
                assertThat(in).isBetween(50, 10_000);
                ticket = Api.post(roomy, "/api/v1/tickets", "", Way.pairs(TOKEN));
            } while (ticket.status() == 200);
            assertThat(ticket.status()).isEqualTo(429);
            boolean told = false;
            while (!told) { // again where one comes back just then
                while (knockFrom(in++, roomy, TOKEN).in()) {
                    assertThat(in).isLessThan(10_000);
                }
                try (RawWebSocket late = RawWebSocket.handshakeFrom(roomy, "127.5.0.1", "/ws?auth=message")) {
                    late.ask("auth.login", "{\"token\":\"" + Issuer.token("ann") + "\"}");
                    JsonNode first = late.next(frame -> true, "an answer");
                    told = first.get("type").asText().equals("error");
                    if (told) {
                        assertThat(first.at("/data/code").asText()).isEqualTo("RESOURCE_EXHAUSTED");
                        assertThat(first.at("/data/retryAfterMs").asInt()).isPositive();
                        assertThat(late.end().code()).isEqualTo(1013);
                    }
                }
            }
            assertThat(Api.metric(roomy, "hubbub_refused", "reason=\"handshake_rate\""))
                    .isGreaterThanOrEqualTo(2);
            assertThat(knockFrom(in, roomy, Issuer.bearer(Issuer.token("ben"))).in())
                    .isTrue();
        }
    }

    /** Each from an address of its own. */
    private static Way.Answer knockFrom(int address, Node node, String header) {
        String from = "127.4." + address / 250 + "." + (address % 250 + 1);
        try (RawWebSocket socket = RawWebSocket.handshakeFrom(node, from, "/ws", header)) {
            boolean in = socket.status() == 101;
            return new Way.Answer(socket.status(), socket.headers(), in ? null : socket.problem(), in);
        }
    }

    @Test
    void anAnonymousUsersCookieIsAStrangers() {
        String anon;
        try (RawWebSocket socket = RawWebSocket.open(node, "/ws", PAGE)) {
            anon = socket.anon();
        }
        assertThat(flood(Way.WEBSOCKET, "", PAGE, "Cookie: who=" + anon)).isBetween(BURST / 4 - 2, BURST / 2);
    }

    private List<String> tickets(String... headers) {
        List<String> tickets = new ArrayList<>();
        for (int i = 0; i < 2 * BURST; i++) {
            Api.Reply reply = askForTicket(headers);
            assertThat(reply.status()).isEqualTo(200);
            tickets.add(reply.body().get("ticket").asText());
        }
        return tickets;
    }

    private Api.Reply askForTicket(String... headers) {
        return Api.post(node, "/api/v1/tickets", "", Way.pairs(headers));
    }

    @ParameterizedTest
    @MethodSource("connections")
    void aTicketThatIsToldToWaitIsStillGood(Way way) {
        List<List<String>> all = List.of(tickets(PAGE), tickets(TOKEN));
        for (List<String> tickets : all) {
            int in = 0;
            while (way.knock(node, "ticket=" + tickets.get(in), PAGE).in()) {
                in++;
            }
            assertThat(in).isGreaterThanOrEqualTo(BURST / 2 - 1); // half is the strangers', half the others'
            String waiting = "ticket=" + tickets.get(in);
            Awaitility.await().until(() -> {
                Way.Answer answer = way.knock(node, waiting, PAGE);
                assertThat(answer.status()).isIn(503, way == Way.WEBSOCKET ? 101 : 200);
                return answer.in();
            });
        }
    }

    @Test
    void noTicketIsGivenToWhoWouldFindNoPlaceAndOneThatWasGivenHasOne() {
        for (String header : List.of(PAGE, TOKEN)) {
            String before = askForTicket(header).body().get("ticket").asText();
            long shed;
            Api.Reply reply;
            do { // again where a place comes back just then
                flood(Way.WEBSOCKET, "", header);
                shed = shed();
                reply = askForTicket(header);
            } while (reply.status() == 200);
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.body().get("code").asText()).isEqualTo("UNAVAILABLE");
            assertThat(reply.response()
                            .headers()
                            .firstValueAsLong("retry-after")
                            .orElse(0L))
                    .isBetween(1L, 10L);
            assertThat(shed()).isEqualTo(shed + 1);
            assertThat(Way.WEBSOCKET.knock(node, "ticket=" + before, PAGE).in()).isTrue();
        }
    }

    @Test
    void aStrangersTicketPassesForNoOther() {
        String stranger = askForTicket(PAGE).body().get("ticket").asText();
        String user = askForTicket(TOKEN).body().get("ticket").asText();
        assertThat(stranger).startsWith("anon-");
        for (String forged : List.of(stranger.substring("anon-".length()), "anon-" + user)) {
            assertThat(Way.WEBSOCKET.knock(node, "ticket=" + forged, PAGE).status())
                    .isEqualTo(401);
        }
    }

    @Test
    void credentialsThatAreNoGoodTakeNothing() {
        for (int i = 0; i < 6 * BURST; i++) {
            Way way = connections().get(i % 2);
            assertThat(way.knock(node, "", "Authorization: Bearer none").status())
                    .isEqualTo(401);
            assertThat(way.knock(node, "ticket=" + "A".repeat(22), PAGE).status())
                    .isEqualTo(401);
        }
        for (String ticket : tickets(TOKEN)) {
            assertThat(Way.EVENTS
                            .knock(node, "room=closed:1&ticket=" + ticket, PAGE)
                            .status())
                    .isEqualTo(403);
        }
        assertThat(Way.WEBSOCKET.knock(node, "", PAGE).in()).isTrue();
        assertThat(shed()).isZero();
    }
}
