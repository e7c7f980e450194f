package dev.hubbub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.support.Api;
import dev.hubbub.support.EventStream;
import dev.hubbub.support.Node;
import dev.hubbub.support.Nodes;
import dev.hubbub.support.RawWebSocket;
import dev.hubbub.support.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two nodes of the distribution on one Redis: any client may come to any of them. */
class ClusterIT {
    private static final int HERD = 300;
    /** So long idle connections are watched. A node by itself needs half a minute for them: longer than any pass over rooms. */
    private static final int WATCHED_REQUESTS = 70;

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
                "-Dhubbub.limits.messages-per-second=100000",
                "-Dhubbub.limits.messages-burst=100000",
                "-Dhubbub.limits.connections-per-ip=10000");
    }

    @AfterAll
    static void stop() {
        one.close();
        two.close();
        redis.close();
    }

    private static String since(JsonNode place, long seq) {
        return ",\"since\":{\"epoch\":" + place.get("epoch") + ",\"seq\":" + seq + "}";
    }

    @Test
    void aMessageReachesEveryTransportOnEveryNode() {
        String room = Nodes.room("chat");
        try (RawWebSocket ann = RawWebSocket.open(one);
                RawWebSocket bob = RawWebSocket.open(two);
                EventStream stream = EventStream.open(two, "room=" + room)) {
            JsonNode joined = ann.join(room);
            assertThat(bob.join(room).get("epoch")).isEqualTo(joined.get("epoch"));
            stream.next("room.joined");
            JsonNode first = ann.publish(room, "{\"from\":\"ann\"}");
            Api.Reply second =
                    Api.post(two, "/api/v1/rooms/" + room + "/messages", "{\"payload\":{\"from\":\"http\"}}");
            assertThat(second.body().get("epoch")).isEqualTo(first.get("epoch"));
            assertThat(second.body().get("seq").asInt()).isEqualTo(2);
            for (RawWebSocket socket : List.of(ann, bob)) {
                assertThat(socket.message(room).at("/payload/from").asText()).isEqualTo("ann");
                assertThat(socket.message(room).at("/payload/from").asText()).isEqualTo("http");
            }
            assertThat(stream.next("room.published").content().get("seq").asInt())
                    .isEqualTo(1);
            assertThat(stream.next("room.published").content().get("seq").asInt())
                    .isEqualTo(2);
        }
    }

    @Test
    void whoComesBackOnAnotherNodeGetsWhatWasMissed() {
        String room = Nodes.room("chat");
        JsonNode place;
        try (RawWebSocket ann = RawWebSocket.open(one)) {
            place = ann.join(room);
            ann.publish(room, "1");
        }
        for (int i = 2; i <= 40; i++) {
            Api.post(one, "/api/v1/rooms/" + room + "/messages", "{\"payload\":" + i + "}");
        }
        try (RawWebSocket ann = RawWebSocket.open(two)) {
            JsonNode joined = ann.join(room, since(place, 1));
            assertThat(joined.get("recovered").asBoolean()).isTrue();
            assertThat(joined.get("replayed").asInt()).isEqualTo(39);
            for (int i = 2; i <= 40; i++) {
                JsonNode message = ann.message(room);
                assertThat(message.get("seq").asInt()).isEqualTo(i);
                assertThat(message.get("payload").asInt()).isEqualTo(i);
            }
        }
    }

    @Test
    void historyIsTheSameOnEveryNode() {
        String room = Nodes.room("chat");
        for (int i = 1; i <= 30; i++) {
            Api.post(i % 2 == 0 ? one : two, "/api/v1/rooms/" + room + "/messages", "{\"payload\":" + i + "}");
        }
        String path = "/api/v1/rooms/" + room + "/messages?limit=20";
        JsonNode here = Api.get(one, path).body();
        assertThat(here.get("messages")).hasSize(20);
        assertThat(Api.get(two, path).body()).isEqualTo(here);
        // more is kept than either node has read
        assertThat(here.get("first").asInt()).isEqualTo(1);
    }

    @Test
    void aUserIsTakenOutAndDisconnectedOnEveryNode() {
        String room = Nodes.room("chat");
        try (RawWebSocket ann = RawWebSocket.open(two)) {
            ann.join(room);
            assertThat(Api.delete(one, "/api/v1/rooms/" + room + "/members/" + ann.user())
                            .status())
                    .isEqualTo(204);
            assertThat(ann.next("room.removed").at("/data/reason").asText()).isEqualTo("kicked");
            assertThat(Api.post(one, "/api/v1/users/" + ann.user() + "/disconnect", "")
                            .status())
                    .isEqualTo(204);
            assertThat(ann.end().code()).isEqualTo(4003);
        }
    }

    @Test
    void whoIsIdleCostsRedisNothing() {
        List<RawWebSocket> idle = new ArrayList<>();
        for (int i = 0; i < HERD; i++) {
            RawWebSocket socket = RawWebSocket.open(two);
            socket.join(Nodes.room("idle"));
            idle.add(socket);
        }
        long before = Api.metric(two, "hubbub_cluster_requests", "");
        long begun = System.nanoTime();
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .until(() -> Api.metric(two, "hubbub_cluster_requests", "") - before >= WATCHED_REQUESTS);
        long seconds = (System.nanoTime() - begun) / 1_000_000_000 + 1;
        // the node's own: a probe a second, a lease and what it is every three, a look for dead nodes every two
        assertThat(Api.metric(two, "hubbub_cluster_requests", "") - before).isLessThanOrEqualTo(seconds * 3 + 4);
        idle.forEach(RawWebSocket::close);
    }

    @Test
    void everyNodeListsAllNodes() {
        Awaitility.await().untilAsserted(() -> {
            JsonNode here = Api.get(one, "/api/v1/nodes").body().get("items");
            assertThat(here.findValuesAsText("node")).hasSize(2).doesNotHaveDuplicates();
            assertThat(Api.get(two, "/api/v1/nodes").body().get("items").findValuesAsText("node"))
                    .isEqualTo(here.findValuesAsText("node"));
        });
    }

    @Test
    void aTicketIsGoodOnEveryNodeAndOnce() {
        String ticket =
                Api.post(one, "/api/v1/tickets", "").body().get("ticket").asText();
        try (RawWebSocket first = RawWebSocket.handshake(two, "/ws?ticket=" + ticket);
                RawWebSocket second = RawWebSocket.handshake(one, "/ws?ticket=" + ticket)) {
            assertThat(first.status()).isEqualTo(101);
            assertThat(second.status()).isEqualTo(401);
        }
    }

    @Test
    void aHerdThatComesBackIsServedWithFewReads() {
        String room = Nodes.room("herd");
        JsonNode place;
        try (RawWebSocket ann = RawWebSocket.open(one)) {
            place = ann.join(room);
        }
        for (int i = 1; i <= 100; i++) {
            Api.post(one, "/api/v1/rooms/" + room + "/messages", "{\"payload\":" + i + "}");
        }
        List<RawWebSocket> herd = new ArrayList<>();
        for (int i = 0; i < HERD; i++) {
            herd.add(RawWebSocket.open(two));
        }
        long before = Api.metric(two, "hubbub_cluster_requests", "");
        herd.forEach(s -> s.tell("room.join", "{\"room\":\"" + room + "\"" + since(place, 0) + "}"));
        for (RawWebSocket socket : herd) {
            for (int i = 1; i <= 100; i++) {
                assertThat(socket.message(room).get("seq").asInt()).isEqualTo(i);
            }
        }
        // each is listed once; besides them the room's head, two reads at most, the first members now and then, and a
        // probe
        // every second
        assertThat(Api.metric(two, "hubbub_cluster_requests", "") - before).isLessThan(HERD + 40);
        herd.forEach(RawWebSocket::close);
    }

    @Test
    void aRepeatedKeyIsOneMessageOnWhateverNodeItCame() {
        String room = Nodes.room("chat");
        String body = "{\"payload\":7}";
        String path = "/api/v1/rooms/" + room + "/messages";
        Api.Reply first = Api.post(one, path, body, "Idempotency-Key", "k1", "Content-Type", "application/json");
        Api.Reply again = Api.post(two, path, body, "Idempotency-Key", "k1", "Content-Type", "application/json");
        assertThat(again.body().get("seq")).isEqualTo(first.body().get("seq"));
        assertThat(Api.get(two, path).body().get("messages")).hasSize(1);
    }
}
