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
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A stolen token, or a user who must go: what {@code disconnect} on one node does on all of them. */
@Tag("alone")
class RevocationIT {
    private static final Duration AT_ONCE = Duration.ofSeconds(1);
    private static final Keys BACKEND = Keys.of("users", "users");
    private static Pair pair;

    @BeforeAll
    static void start() {
        pair = new Pair("-Dhubbub.api-keys.file=" + Sites.file(Keys.file(BACKEND)));
    }

    @AfterAll
    static void stop() {
        pair.close();
    }

    private static void disconnect(Node node, String user) {
        Api.Reply reply = Api.post(node, "/api/v1/users/" + user + "/disconnect", "", BACKEND.header());
        assertThat(reply.status()).as(reply.response().body()).isEqualTo(204);
    }

    private static void refusedEverywhere(String token) {
        for (Node node : pair.both()) {
            for (Way way : Way.values()) {
                Way.Answer answer = way.knock(node, "", Issuer.bearer(token));
                assertThat(answer.status()).as("%s %s", way, answer).isEqualTo(401);
                assertThat(answer.detail()).isEqualTo("the token was revoked");
            }
            try (RawWebSocket socket = RawWebSocket.handshake(node, "/ws?auth=message")) {
                socket.fails("auth.login", "{\"token\":\"" + token + "\"}");
                assertThat(socket.end().code()).isEqualTo(4001);
            }
        }
    }

    @Test
    void everyConnectionOnEveryNodeIsClosedWithinASecond() {
        String token = Issuer.token("ann");
        String other = Issuer.token("bob");
        List<RawWebSocket> sockets = new ArrayList<>();
        List<EventStream> streams = new ArrayList<>();
        for (Node node : pair.both()) {
            for (int i = 0; i < 3; i++) {
                sockets.add(RawWebSocket.open(node, "/ws", Issuer.bearer(token)));
                EventStream stream = EventStream.open(node, "room=" + Way.ROOM, Issuer.bearer(token));
                stream.next("room.joined");
                streams.add(stream);
            }
        }
        try (RawWebSocket untouched = RawWebSocket.open(pair.two(), "/ws", Issuer.bearer(other))) {
            long before = System.nanoTime();
            disconnect(pair.one(), "ann");
            for (RawWebSocket socket : sockets) {
                assertThat(socket.poll(frame -> false, RawWebSocket.PATIENCE)).isNull(); // reads on to the close
            }
            for (EventStream stream : streams) {
                JsonNode closed = stream.next("session.closed").content();
                assertThat(closed.get("code").asInt()).isEqualTo(4003);
                assertThat(closed.get("reconnect").asBoolean()).isFalse();
            }
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(AT_ONCE);
            for (RawWebSocket socket : sockets) {
                assertThat(socket.end()).isEqualTo(new RawWebSocket.End(4003, "disconnected"));
            }
            untouched.join(Way.ROOM);
        } finally {
            sockets.forEach(RawWebSocket::close);
            streams.forEach(EventStream::close);
        }
    }

    @Test
    void echoesAreClosedAsWell() {
        String token = Issuer.token("fay");
        List<RawWebSocket> echoes = new ArrayList<>();
        for (Node node : pair.both()) {
            echoes.add(RawWebSocket.handshake(node, "/echo", Issuer.bearer(token)));
        }
        try (RawWebSocket untouched = RawWebSocket.handshake(pair.two(), "/echo", Issuer.bearer(Issuer.token("gil")))) {
            assertThat(echoes).allSatisfy(echo -> assertThat(echo.status()).isEqualTo(101));
            long before = System.nanoTime();
            disconnect(pair.one(), "fay");
            for (RawWebSocket echo : echoes) {
                assertThat(echo.end()).isEqualTo(new RawWebSocket.End(4003, "disconnected"));
            }
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(AT_ONCE);
            assertThat(untouched.send("here").read(RawWebSocket.PATIENCE).text())
                    .isEqualTo("here");
        } finally {
            echoes.forEach(RawWebSocket::close);
        }
    }

    @Test
    void olderTokensAndTicketsAreRefusedOnEveryNodeAndAfterAllHaveRestarted() {
        String stolen = Issuer.token("carl");
        String spare = Issuer.token("carl", claims -> claims.claim("jti", "2"));
        String timeless = Issuer.token("carl", claims -> claims.issueTime(null));
        List<String> tickets = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            tickets.add(Sites.ticket(pair.one(), stolen));
        }
        String stream = Sites.ticket(pair.one(), stolen);
        String cursor;
        try (EventStream open = EventStream.open(pair.one(), "room=" + Way.ROOM + "&ticket=" + stream)) {
            cursor = open.next("room.joined").id();
        }
        try (EventStream again =
                EventStream.open(pair.two(), "room=" + Way.ROOM + "&ticket=" + stream, "Last-Event-ID: " + cursor)) {
            assertThat(again.status()).isEqualTo(200);
        }
        disconnect(pair.two(), "carl");
        long revoked = System.currentTimeMillis();
        List.of(stolen, spare, timeless).forEach(RevocationIT::refusedEverywhere);
        for (int i = 0; i < 4; i++) {
            Way way = i < 2 ? Way.WEBSOCKET : Way.EVENTS;
            Way.Answer answer = way.knock(pair.both().get(i % 2), "ticket=" + tickets.get(i));
            assertThat(answer.status()).as("%s %s", way, answer).isEqualTo(401);
        }
        for (Node node : pair.both()) {
            try (EventStream again =
                    EventStream.open(node, "room=" + Way.ROOM + "&ticket=" + stream, "Last-Event-ID: " + cursor)) {
                assertThat(again.status()).isEqualTo(401);
            }
        }
        // tokens count seconds: the first that is surely later is of the next one
        Date later = new Date(revoked / 1000 * 1000 + 1000);
        String newer = Issuer.token("carl", claims -> claims.issueTime(later));
        letInEverywhere(newer);
        pair.restart();
        List.of(stolen, spare, timeless).forEach(RevocationIT::refusedEverywhere);
        letInEverywhere(newer);
    }

    private static void letInEverywhere(String token) {
        for (Node node : pair.both()) {
            for (Way way : Way.values()) {
                assertThat(way.knock(node, "", Issuer.bearer(token)).in())
                        .as(way.name())
                        .isTrue();
            }
        }
    }

    @Test
    void aSessionCannotRefreshItselfWithARevokedToken() {
        String old = Issuer.token("dora");
        disconnect(pair.one(), "dora");
        Date later = new Date(System.currentTimeMillis() / 1000 * 1000 + 1000);
        try (RawWebSocket socket = RawWebSocket.open(
                pair.two(), "/ws", Issuer.bearer(Issuer.token("dora", claims -> claims.issueTime(later))))) {
            assertThat(socket.fails("auth.refresh", "{\"token\":\"" + old + "\"}")
                            .get("code")
                            .asText())
                    .isEqualTo("UNAUTHENTICATED");
            socket.join(Way.ROOM);
        }
    }

    @Test
    void oneConnectionAloneMayBeClosedWhereverItIs() {
        String token = Issuer.token("eve");
        try (RawWebSocket closed = RawWebSocket.open(pair.two(), "/ws", Issuer.bearer(token));
                RawWebSocket stays = RawWebSocket.open(pair.two(), "/ws", Issuer.bearer(token))) {
            Awaitility.await()
                    .until(() -> Api.delete(pair.one(), "/api/v1/connections/" + closed.conn(), BACKEND.header())
                                    .status()
                            == 204);
            assertThat(closed.end().code()).isEqualTo(4003);
            stays.join(Way.ROOM);
            assertThat(Way.READ.knock(pair.one(), "", Issuer.bearer(token)).in())
                    .as("its token is as good as before")
                    .isTrue();
        }
    }
}
