package dev.hubbub.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.support.Api;
import dev.hubbub.support.EventStream;
import dev.hubbub.support.Node;
import dev.hubbub.support.Race;
import dev.hubbub.support.RawWebSocket;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tickets stand in URLs, which others get to see: they must be good for one, once, and for its page alone. */
class TicketsIT {
    private static final int TRIES = 1_000;
    private static final String PAGE = "https://example.com";
    private static final String OTHER_PAGE = "https://example.org";
    private static Pair pair;

    @BeforeAll
    static void start() {
        pair = new Pair("-Dhubbub.auth.jwt.skew=PT0S", "-Dhubbub.origins=" + PAGE + "," + OTHER_PAGE);
    }

    @AfterAll
    static void stop() {
        pair.close();
    }

    private static String refused(Way way, Node node, String ticket, String... headers) {
        Way.Answer answer = way.knock(node, "ticket=" + ticket, headers);
        assertThat(answer.status()).as("%s %s", way, answer).isEqualTo(401);
        assertThat(answer.code()).isEqualTo("UNAUTHENTICATED");
        return answer.detail();
    }

    @Test
    void ofTwoWhoUseOneAtOnceOnTwoNodesExactlyOneGetsIn() {
        String token = Issuer.token("ann");
        List<String> tickets = new ArrayList<>();
        for (int i = 0; i < TRIES; i++) {
            tickets.add(Sites.ticket(pair.both().get(i % 2), token));
        }
        CyclicBarrier together = new CyclicBarrier(2);
        List<BitSet> in = Race.run(2, thread -> {
            BitSet won = new BitSet();
            for (int i = 0; i < TRIES; i++) {
                together.await(30, TimeUnit.SECONDS);
                // sockets against sockets, streams against streams, and one against the other
                Way way = i % 3 == 0 || (i % 3 == 1 && thread == 0) ? Way.WEBSOCKET : Way.EVENTS;
                won.set(
                        i,
                        way.knock(pair.both().get(thread), "ticket=" + tickets.get(i))
                                .in());
            }
            return won;
        });
        BitSet both = (BitSet) in.get(0).clone();
        both.and(in.get(1));
        assertThat(both.cardinality()).as("tickets that let two in").isZero();
        in.get(0).or(in.get(1));
        assertThat(in.get(0).cardinality()).as("tickets that let one in").isEqualTo(TRIES);
    }

    @Test
    void oneThatAPageAskedForIsGoodForThatPageAlone() {
        String token = Issuer.token("ann");
        for (Way way : new Way[] {Way.WEBSOCKET, Way.EVENTS}) {
            for (String origin : new String[] {"Origin: " + OTHER_PAGE, "X-None: 1"}) {
                refused(way, pair.two(), Sites.ticket(pair.one(), token, "Origin", PAGE), origin);
            }
            String own = Sites.ticket(pair.one(), token, "Origin", PAGE);
            assertThat(way.knock(pair.two(), "ticket=" + own, "Origin: " + PAGE).in())
                    .isTrue();
            String anybodys = Sites.ticket(pair.one(), token);
            assertThat(way.knock(pair.two(), "ticket=" + anybodys, "Origin: " + PAGE)
                            .in())
                    .as("one that a backend fetched for its page")
                    .isTrue();
        }
    }

    @Test
    void whoBringsATicketIsWhoeverItIsOfWithThatTokensRightsAndEnd() {
        Date end = new Date(Issuer.in(1_000).getTime() / 1000 * 1000);
        String token = Issuer.token(
                "ann",
                claims -> claims.expirationTime(end)
                        .claim("name", "Ann")
                        .claim("rooms", java.util.Map.of("a:1", List.of("join"))));
        try (RawWebSocket socket = RawWebSocket.open(pair.two(), "/ws?ticket=" + Sites.ticket(pair.one(), token))) {
            assertThat(socket.user()).isEqualTo("ann");
            assertThat(socket.opened().get("name").asText()).isEqualTo("Ann");
            assertThat(socket.opened().get("expiresAt").asLong()).isEqualTo(end.getTime());
            socket.join("a:1");
            socket.fails("room.join", "{\"room\":\"a:2\"}");
            socket.fails("room.publish", "{\"room\":\"a:1\",\"payload\":1}");
        }
    }

    @Test
    void oneOfAnExpiredTokenIsNoGood() {
        Date end = new Date(Issuer.in(5).getTime() / 1000 * 1000);
        String token = Issuer.token("ann", claims -> claims.expirationTime(end));
        String first = Sites.ticket(pair.one(), token);
        String second = Sites.ticket(pair.one(), token);
        String ofStream = Sites.ticket(pair.one(), token);
        String cursor;
        try (EventStream stream = EventStream.open(pair.one(), "room=" + Way.ROOM + "&ticket=" + ofStream)) {
            cursor = stream.next("room.joined").id();
        }
        Awaitility.await().until(() -> System.currentTimeMillis() > end.getTime());
        refused(Way.WEBSOCKET, pair.two(), first);
        refused(Way.EVENTS, pair.one(), second);
        assertThat(Way.EVENTS
                        .knock(pair.two(), "ticket=" + ofStream, "Last-Event-ID: " + cursor)
                        .status())
                .as("a stream's ticket ends with the token too")
                .isEqualTo(401);
    }

    @Test
    void oneThatAStreamHasUsedIsGoodForItsReconnectsAndForNothingElse() {
        String ticket = Sites.ticket(pair.one(), Issuer.token("ann"), "Origin", PAGE);
        String cursor;
        try (EventStream stream =
                EventStream.open(pair.one(), "room=" + Way.ROOM + "&ticket=" + ticket, "Origin: " + PAGE)) {
            cursor = stream.next("room.joined").id();
        }
        assertThat(Way.EVENTS
                        .knock(pair.two(), "ticket=" + ticket, "Last-Event-ID: " + cursor, "Origin: " + PAGE)
                        .in())
                .isTrue();
        refused(Way.EVENTS, pair.two(), ticket, "Last-Event-ID: " + cursor);
        refused(Way.EVENTS, pair.two(), ticket, "Origin: " + PAGE);
        refused(Way.WEBSOCKET, pair.two(), ticket, "Origin: " + PAGE);
    }

    @Test
    void oneIsNoTokenForTheApiAndNoneIsMadeUp() {
        String ticket = Sites.ticket(pair.one(), Issuer.token("ann"));
        refused(Way.READ, pair.one(), ticket);
        refused(Way.WRITE, pair.one(), ticket);
        for (String wrong : new String[] {"", "x", "A".repeat(22), "A".repeat(5_000), "*", "..%2F"}) {
            refused(Way.WEBSOCKET, pair.one(), wrong);
            refused(Way.EVENTS, pair.one(), wrong);
        }
        assertThat(Api.post(pair.one(), "/api/v1/tickets", "").status()).isEqualTo(401);
    }
}
