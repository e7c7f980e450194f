package dev.hubbub.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.support.Api;
import dev.hubbub.support.Node;
import dev.hubbub.support.Nodes;
import dev.hubbub.support.RawWebSocket;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The kinds of room, for members of two nodes that may be one and the same. */
public abstract class RoomKinds {
    /** Longer than the grace of presence, and a tick. */
    private static final Duration ENDS = Duration.ofSeconds(20);

    protected abstract Node one();

    protected abstract Node two();

    private static String in(String room) {
        return "{\"room\":\"" + room + "\"}";
    }

    private static String epoch(Node node, String room) {
        return Api.get(node, "/api/v1/rooms/" + room).body().path("epoch").asText();
    }

    @Test
    void whoJoinedAPermanentRoomIsPutIntoItOnEachLaterConnection() {
        String room = Nodes.room("stay");
        String other = Nodes.room("stay");
        try (RawWebSocket bob = RawWebSocket.open(two())) {
            bob.join(room);
            RawWebSocket ann = RawWebSocket.open(one());
            ann.join(room);
            ann.join(other);
            bob.next("presence.joined");
            ann.close(1000);
            assertThat(bob.next("presence.left").at("/data/member/user").asText())
                    .isEqualTo(ann.user());
            bob.publish(room, "1");
            bob.message(room);
            try (RawWebSocket again = ann.another(two())) {
                JsonNode first = again.next("room.joined");
                JsonNode second = again.next("room.joined");
                assertThat(new String[] {
                            first.at("/data/room").asText(),
                            second.at("/data/room").asText()
                        })
                        .containsExactlyInAnyOrder(room, other);
                assertThat((first.at("/data/room").asText().equals(room) ? first : second)
                                .at("/data/seq")
                                .asLong())
                        .isEqualTo(1);
                assertThat(bob.next("presence.joined").at("/data/member/user").asText())
                        .isEqualTo(ann.user());
                bob.publish(room, "2");
                assertThat(again.message(room).get("payload").asInt()).isEqualTo(2);
                again.ok("room.leave", in(room));
            }
            try (RawWebSocket once = ann.another(one())) {
                assertThat(once.next("room.joined").at("/data/room").asText()).isEqualTo(other);
                once.ok("ping", "{}"); // what came of another room would have come before
            }
        }
    }

    @Test
    void whoIsRemovedFromAPermanentRoomIsNotPutIntoItAgain() {
        String room = Nodes.room("stay");
        try (RawWebSocket ann = RawWebSocket.open(one())) {
            ann.join(room);
            assertThat(Api.delete(two(), "/api/v1/rooms/" + room + "/members/" + ann.user())
                            .status())
                    .isEqualTo(204);
            ann.next("room.removed");
            try (RawWebSocket again = ann.another(two())) {
                assertThat(again.ok("presence.list", in(room)).get("count").asInt())
                        .isZero();
            }
        }
    }

    @Test
    void anEphemeralRoomEndsWithItsLastMember() {
        for (String namespace : new String[] {"brief", "passing"}) {
            String room = Nodes.room(namespace);
            RawWebSocket ann = RawWebSocket.open(one());
            String epoch = ann.join(room).get("epoch").asText();
            ann.publish(room, "1");
            RawWebSocket bob = RawWebSocket.open(two());
            assertThat(bob.join(room).get("seq").asInt()).isEqualTo(1);
            ann.close(1000);
            assertThat(bob.publish(room, "2").get("epoch").asText()).isEqualTo(epoch);
            bob.close(1000);
            Awaitility.await(room)
                    .atMost(ENDS)
                    .until(() -> !epoch(one(), room).equals(epoch)
                            && !epoch(two(), room).equals(epoch));
            try (RawWebSocket cem = RawWebSocket.open(two())) {
                JsonNode joined = cem.join(room, ",\"since\":{\"epoch\":\"" + epoch + "\",\"seq\":1}");
                assertThat(joined.get("epoch").asText()).isNotEqualTo(epoch);
                assertThat(joined.get("seq").asInt()).isZero();
                assertThat(joined.get("recovered").asBoolean()).isFalse();
            }
        }
    }

    @Test
    void anEphemeralRoomOutlivesAReloadOfItsOnlyMember() {
        String room = Nodes.room("brief");
        RawWebSocket ann = RawWebSocket.open(one());
        JsonNode joined = ann.join(room);
        ann.publish(room, "1");
        ann.close();
        try (RawWebSocket again = ann.another(two())) {
            JsonNode back = again.join(room, ",\"since\":{\"epoch\":" + joined.get("epoch") + ",\"seq\":0}");
            assertThat(back.get("recovered").asBoolean()).isTrue();
            assertThat(again.message(room).get("payload").asInt()).isEqualTo(1);
        }
    }

    @Test
    void aReactiveRoomHasPresenceAndKeepsNothing() {
        String room = Nodes.room("pure");
        try (RawWebSocket ann = RawWebSocket.open(one());
                RawWebSocket bob = RawWebSocket.open(two())) {
            ann.join(room);
            bob.join(room);
            assertThat(ann.next("presence.joined").at("/data/member/user").asText())
                    .isEqualTo(bob.user());
            assertThat(ann.fails("room.publish", "{\"room\":\"" + room + "\",\"payload\":1}")
                            .get("code")
                            .asText())
                    .isEqualTo("FAILED_PRECONDITION");
            assertThat(Api.post(two(), "/api/v1/rooms/" + room + "/messages", "{\"payload\":1}")
                            .status())
                    .isEqualTo(409);
            ann.ok("room.publish", "{\"room\":\"" + room + "\",\"payload\":2,\"ephemeral\":true}");
            assertThat(bob.message(room).get("payload").asInt()).isEqualTo(2);
            assertThat(Api.get(one(), "/api/v1/rooms/" + room + "/messages")
                            .body()
                            .get("messages"))
                    .isEmpty();
        }
    }
}
