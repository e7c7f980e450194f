package dev.hubbub.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.support.Api;
import dev.hubbub.support.EventStream;
import dev.hubbub.support.Node;
import dev.hubbub.support.Nodes;
import dev.hubbub.support.RawWebSocket;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The kinds of room, as a namespace has them. */
class RoomKindsIT {
    private final Node node = Nodes.shared();

    private static String in(String room) {
        return "{\"room\":\"" + room + "\"}";
    }

    private static String since(JsonNode place, long seq) {
        return ",\"since\":{\"epoch\":" + place.get("epoch") + ",\"seq\":" + seq + "}";
    }

    private static void assertInNoRoom(RawWebSocket socket) {
        socket.barrier();
        assertThat(socket.all()).noneMatch(f -> f.get("type").asText().equals("room.joined"));
    }

    /** Whoever leaves, the room ends in a moment; then a join finds another epoch. */
    private JsonNode awaitAnew(RawWebSocket socket, String room, JsonNode before) {
        return Awaitility.await()
                .until(
                        () -> {
                            JsonNode joined = socket.join(room, since(before, 0));
                            socket.ok("room.leave", in(room));
                            return joined;
                        },
                        joined -> !joined.get("epoch").equals(before.get("epoch")));
    }

    @Test
    void anEphemeralRoomIsGoneWithItsLastMember() {
        String room = Nodes.room("gone");
        try (RawWebSocket ann = RawWebSocket.open(node);
                RawWebSocket bob = RawWebSocket.open(node)) {
            JsonNode begun = ann.join(room);
            bob.join(room);
            ann.publish(room, "1");
            ann.ok("room.leave", in(room));
            assertThat(ann.join(room, since(begun, 0)).get("replayed").asInt()).isEqualTo(1);
            ann.ok("room.leave", in(room));
            bob.ok("room.leave", in(room));
            JsonNode again = awaitAnew(bob, room, begun);
            assertThat(again.get("seq").asInt()).isZero();
            assertThat(again.get("recovered").asBoolean()).isFalse();
            assertThat(Api.get(node, "/api/v1/rooms/" + room + "/messages")
                            .body()
                            .get("messages"))
                    .isEmpty();
        }
    }

    @Test
    void anEphemeralRoomWaitsForWhoIsInGrace() {
        String room = Nodes.room("gone");
        RawWebSocket ann = RawWebSocket.open(node);
        JsonNode begun = ann.join(room);
        ann.publish(room, "1");
        ann.reset();
        try (RawWebSocket again = ann.another(node)) {
            JsonNode joined = again.join(room, since(begun, 0));
            assertThat(joined.get("recovered").asBoolean()).isTrue();
            again.message(room);
        }
    }

    @Test
    void aReactiveRoomIsPresenceAndEphemeralMessages() {
        String room = Nodes.room("here");
        String path = "/api/v1/rooms/" + room + "/messages";
        try (RawWebSocket ann = RawWebSocket.open(node);
                RawWebSocket bob = RawWebSocket.open(node)) {
            assertThat(ann.join(room).get("count").asInt()).isEqualTo(1);
            bob.join(room);
            assertThat(ann.next("presence.joined").at("/data/member/user").asText())
                    .isEqualTo(bob.user());
            JsonNode error = ann.fails("room.publish", "{\"room\":\"" + room + "\",\"payload\":1}");
            assertThat(error.get("code").asText()).isEqualTo("FAILED_PRECONDITION");
            assertThat(Api.post(node, path, "{\"payload\":1}").status()).isEqualTo(409);
            ann.publish(room, "2", ",\"ephemeral\":true");
            assertThat(Api.post(node, path, "{\"payload\":3,\"ephemeral\":true}")
                            .status())
                    .isEqualTo(201);
            assertThat(bob.message(room).get("payload").asInt()).isEqualTo(2);
            assertThat(bob.message(room).get("payload").asInt()).isEqualTo(3);
            JsonNode history = Api.get(node, path).body();
            assertThat(history.get("messages")).isEmpty();
            assertThat(history.get("seq").asInt()).isZero();
            bob.ok("room.leave", in(room));
            ann.next("presence.left");
        }
    }

    @Test
    void aPermanentRoomIsJoinedForItsMemberUntilTheyLeave() {
        String room = Nodes.room("club");
        try (RawWebSocket bob = RawWebSocket.open(node)) {
            RawWebSocket ann = RawWebSocket.open(node);
            JsonNode first = ann.join(room);
            ann.close(1000);
            bob.publish(room, "1");
            try (RawWebSocket again = ann.another(node)) {
                JsonNode joined = again.next("room.joined").get("data");
                assertThat(joined.get("room").asText()).isEqualTo(room);
                assertThat(joined.get("seq").asInt()).isEqualTo(1);
                assertThat(joined.at("/members/0/user").asText()).isEqualTo(ann.user());
                bob.publish(room, "2");
                assertThat(again.message(room).get("payload").asInt()).isEqualTo(2);
                // what was missed is had as everywhere
                assertThat(again.join(room, since(first, 0)).get("replayed").asInt())
                        .isEqualTo(2);
                assertThat(again.message(room).get("payload").asInt()).isEqualTo(1);
                again.ok("room.leave", in(room));
            }
            try (RawWebSocket third = ann.another(node)) {
                assertInNoRoom(third);
            }
        }
    }

    @Test
    void aKickEndsAPermanentMembership() {
        String room = Nodes.room("club");
        try (RawWebSocket ann = RawWebSocket.open(node)) {
            ann.join(room);
            assertThat(Api.delete(node, "/api/v1/rooms/" + room + "/members/" + ann.user())
                            .status())
                    .isEqualTo(204);
            ann.next("room.removed");
            try (RawWebSocket again = ann.another(node)) {
                assertInNoRoom(again);
            }
        }
    }

    @Test
    void aStreamIsInTheRoomsOfItsUrlAndMakesNobodyAMember() {
        String room = Nodes.room("club");
        String other = Nodes.room("club");
        try (RawWebSocket ann = RawWebSocket.open(node)) {
            ann.join(room);
            try (EventStream stream = EventStream.open(node, "room=" + other + "&anon=" + ann.anon());
                    RawWebSocket again = ann.another(node)) {
                assertThat(stream.next("room.joined").content().get("room").asText())
                        .isEqualTo(other);
                again.next("room.joined");
                again.barrier();
                assertThat(again.all())
                        .filteredOn(f -> f.get("type").asText().equals("room.joined"))
                        .hasSize(1);
            }
        }
    }

    @Test
    void aUserIsMemberOfAsManyPermanentRoomsAsAConnectionMayBeIn() {
        try (RawWebSocket one = RawWebSocket.open(Nodes.impatient());
                RawWebSocket two = one.another(Nodes.impatient())) {
            List<String> rooms = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                rooms.add(Nodes.room("club"));
            }
            rooms.subList(0, 3).forEach(one::join);
            rooms.subList(3, 5).forEach(two::join);
            JsonNode error = two.fails("room.join", in(rooms.get(5)));
            assertThat(error.get("code").asText()).isEqualTo("RESOURCE_EXHAUSTED");
            assertThat(error.get("message").asText()).contains("at most 5 permanent rooms");
            two.join(Nodes.room("chat"));
            try (RawWebSocket three = one.another(Nodes.impatient())) {
                rooms.subList(0, 5).forEach(room -> three.next("room.joined"));
                three.fails("room.join", in(Nodes.room("chat")));
            }
        }
    }
}
