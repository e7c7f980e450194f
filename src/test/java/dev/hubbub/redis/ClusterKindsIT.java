package dev.hubbub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.support.Api;
import dev.hubbub.support.Node;
import dev.hubbub.support.Nodes;
import dev.hubbub.support.RawWebSocket;
import dev.hubbub.support.RedisServer;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Permanent, ephemeral and reactive rooms of two nodes on one Redis. */
class ClusterKindsIT {
    /** A lease, its sweep, the grace, and room to work. */
    private static final Duration EVICTED = Duration.ofSeconds(40);

    private static RedisServer redis;
    private static Node one;
    private static Node two;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
        one = node();
        two = node();
        one.awaitReady();
        two.awaitReady();
    }

    private static Node node() {
        return Node.begin(
                "-Dhubbub.redis=" + redis.url(),
                "-Dhubbub.auth.anonymous-secret=the-same-on-every-node-and-long-enough",
                "-Dhubbub.presence.grace=PT3S",
                "-Dhubbub.limits.messages-per-second=100000",
                "-Dhubbub.limits.messages-burst=100000",
                "-Dhubbub.namespace.club.kind=permanent",
                "-Dhubbub.namespace.gone.kind=ephemeral",
                "-Dhubbub.namespace.quiet.kind=ephemeral",
                "-Dhubbub.namespace.quiet.presence=false",
                "-Dhubbub.namespace.here.kind=reactive");
    }

    @AfterAll
    static void stop() {
        one.close();
        two.close();
        redis.close();
    }

    private static String in(String room) {
        return "{\"room\":\"" + room + "\"}";
    }

    private static String since(JsonNode place, long seq) {
        return ",\"since\":{\"epoch\":" + place.get("epoch") + ",\"seq\":" + seq + "}";
    }

    private static String keys(String room) {
        return redis.cli("EXISTS", "hb:{" + room + "}:head", "hb:{" + room + "}:log");
    }

    private static void awaitGone(String room, Duration within) {
        Awaitility.await()
                .atMost(within)
                .untilAsserted(() -> assertThat(keys(room)).isEqualTo("0"));
    }

    private static void awaitGone(String room) {
        awaitGone(room, Duration.ofSeconds(10));
    }

    private static void assertInNoRoom(RawWebSocket socket) {
        socket.barrier();
        assertThat(socket.all()).noneMatch(f -> f.get("type").asText().equals("room.joined"));
    }

    @Test
    void aPermanentMemberIsPutIntoTheRoomOnWhateverNode() {
        String room = Nodes.room("club");
        try (RawWebSocket bob = RawWebSocket.open(one)) {
            RawWebSocket ann = RawWebSocket.open(one);
            ann.join(room);
            ann.close(1000);
            try (RawWebSocket again = ann.another(two)) {
                assertThat(again.next("room.joined").at("/data/room").asText()).isEqualTo(room);
                bob.publish(room, "1");
                assertThat(again.message(room).get("payload").asInt()).isEqualTo(1);
                again.ok("room.leave", in(room));
            }
            try (RawWebSocket third = ann.another(one)) {
                assertInNoRoom(third);
            }
        }
    }

    @Test
    void aKickOnOneNodeEndsTheMembershipOnAll() {
        String room = Nodes.room("club");
        try (RawWebSocket ann = RawWebSocket.open(two)) {
            ann.join(room);
            Api.delete(one, "/api/v1/rooms/" + room + "/members/" + ann.user());
            ann.next("room.removed");
            try (RawWebSocket again = ann.another(one)) {
                assertInNoRoom(again);
            }
        }
    }

    @Test
    void anEphemeralRoomIsGoneWithTheLastMemberOfAllNodes() {
        String room = Nodes.room("gone");
        try (RawWebSocket ann = RawWebSocket.open(one);
                RawWebSocket bob = RawWebSocket.open(two)) {
            JsonNode begun = ann.join(room);
            bob.join(room);
            ann.publish(room, "1");
            ann.ok("room.leave", in(room));
            assertThat(ann.join(room, since(begun, 0)).get("recovered").asBoolean())
                    .isTrue();
            bob.ok("room.leave", in(room));
            ann.ok("room.leave", in(room));
            awaitGone(room);
            JsonNode again = bob.join(room, since(begun, 1));
            assertThat(again.get("epoch")).isNotEqualTo(begun.get("epoch"));
            assertThat(again.get("seq").asInt()).isZero();
            assertThat(bob.next("room.reset").at("/data/reason").asText()).isEqualTo("epoch");
        }
    }

    @Test
    void anEphemeralRoomOutlivesAMoveToAnotherNodeAndNotTheGrace() {
        String room = Nodes.room("gone");
        RawWebSocket ann = RawWebSocket.open(one);
        JsonNode begun = ann.join(room);
        ann.publish(room, "1");
        ann.reset();
        RawWebSocket moved = ann.another(two);
        assertThat(moved.join(room, since(begun, 0)).get("recovered").asBoolean())
                .isTrue();
        moved.message(room);
        moved.reset();
        awaitGone(room, EVICTED);
    }

    @Test
    void withoutPresenceAnEphemeralRoomIsGoneWithTheLastConnection() {
        String room = Nodes.room("quiet");
        try (RawWebSocket ann = RawWebSocket.open(one);
                RawWebSocket bob = RawWebSocket.open(two)) {
            JsonNode begun = ann.join(room);
            bob.join(room);
            ann.publish(room, "1");
            ann.ok("room.leave", in(room));
            assertThat(bob.join(room, since(begun, 0)).get("recovered").asBoolean())
                    .isTrue();
            bob.ok("room.leave", in(room));
            awaitGone(room);
        }
    }

    @Test
    void whatABackendPublishesInAnEphemeralRoomThatNobodyIsInIsGone() {
        String room = Nodes.room("gone");
        Api.Reply reply = Api.post(one, "/api/v1/rooms/" + room + "/messages", "{\"payload\":1}");
        assertThat(reply.status()).isEqualTo(201);
        awaitGone(room);
    }

    @Test
    void anEphemeralRoomIsGoneAfterTheDeathOfTheNodeOfItsLastMember() {
        String room = Nodes.room("gone");
        Node third = node().awaitReady();
        try (RawWebSocket ann = RawWebSocket.open(third)) {
            ann.join(room);
            ann.publish(room, "1");
            third.kill();
            assertThat(keys(room)).isEqualTo("2");
            awaitGone(room, EVICTED);
        } finally {
            third.close();
        }
    }

    @Test
    void aReactiveRoomIsPresentOnEveryNodeAndKeepsNothing() {
        String room = Nodes.room("here");
        try (RawWebSocket ann = RawWebSocket.open(one);
                RawWebSocket bob = RawWebSocket.open(two)) {
            ann.join(room);
            bob.join(room);
            ann.next("presence.joined");
            JsonNode error = bob.fails("room.publish", "{\"room\":\"" + room + "\",\"payload\":1}");
            assertThat(error.get("code").asText()).isEqualTo("FAILED_PRECONDITION");
            bob.publish(room, "2", ",\"ephemeral\":true");
            assertThat(ann.message(room).get("payload").asInt()).isEqualTo(2);
            assertThat(redis.cli("EXISTS", "hb:{" + room + "}:log")).isEqualTo("0");
        }
    }
}
