package dev.hubbub.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.support.Api;
import dev.hubbub.support.Api.Reply;
import dev.hubbub.support.Node;
import dev.hubbub.support.Nodes;
import dev.hubbub.support.RawWebSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The HTTP API: each call of the table, problems, idempotency, batches, polling. */
class HttpApiIT {
    private final Node node = Nodes.shared();
    private final String room = Nodes.room("chat");
    private final String messages = "/api/v1/rooms/" + room + "/messages";

    private static void assertProblem(Reply reply, int status, String code) {
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.header("content-type")).startsWith("application/problem+json");
        assertThat(reply.body().get("status").asInt()).isEqualTo(status);
        assertThat(reply.body().get("code").asText()).isEqualTo(code);
        assertThat(reply.body().get("type").asText()).isEqualTo("about:blank");
        assertThat(reply.body().get("title").asText()).isNotEmpty();
        assertThat(reply.body().get("detail").asText()).isNotEmpty();
    }

    private static List<Integer> seqs(JsonNode messages) {
        List<Integer> seqs = new ArrayList<>();
        messages.forEach(m -> seqs.add(m.get("seq").asInt()));
        return seqs;
    }

    @Test
    void publishReachesTheRoom() {
        try (RawWebSocket ann = RawWebSocket.open(node)) {
            ann.join(room);
            Reply reply = Api.post(
                    node,
                    messages,
                    "{\"event\":\"said\",\"payload\":{\"b\": 1.0},\"conflate\":\"c\",\"meta\":{\"m\":1},\"extra\":1}");
            assertThat(reply.status()).isEqualTo(201);
            assertThat(reply.header("content-type")).startsWith("application/json");
            assertThat(reply.body().get("seq").asInt()).isEqualTo(1);
            JsonNode frame = ann.next("room.published");
            JsonNode data = frame.get("data");
            assertThat(frame.get("ts")).isEqualTo(reply.body().get("ts"));
            assertThat(frame.at("/meta/m").asInt()).isEqualTo(1);
            assertThat(data.get("epoch")).isEqualTo(reply.body().get("epoch"));
            assertThat(data.get("event").asText()).isEqualTo("said");
            assertThat(data.get("conflate").asText()).isEqualTo("c");
            assertThat(data.at("/from/user").asText()).isEqualTo("backend");
            assertThat(data.at("/from/conn").asText()).isEqualTo("http");
            Reply ephemeral = Api.post(node, messages, "{\"payload\":null,\"ephemeral\":true}");
            assertThat(ephemeral.status()).isEqualTo(201);
            assertThat(ephemeral.body().has("seq")).isFalse();
            assertThat(ann.message(room).get("payload").isNull()).isTrue();
            // with a user's token, that user's name and rights
            String[] bearer = {"Authorization", "Bearer " + ann.anon()};
            assertThat(Api.post(node, messages, "{\"payload\":2}", bearer).status())
                    .isEqualTo(201);
            assertThat(ann.message(room).at("/from/user").asText()).isEqualTo(ann.user());
            assertProblem(
                    Api.post(node, "/api/v1/rooms/" + Nodes.room("mute") + "/messages", "{\"payload\":2}", bearer),
                    403,
                    "PERMISSION_DENIED");
            assertProblem(
                    Api.post(node, messages, "{\"payload\":2}", "Authorization", "Bearer forged"),
                    401,
                    "UNAUTHENTICATED");
        }
    }

    @Test
    void idempotencyKeyIs201Then200() {
        String[] key = {"Idempotency-Key", "order-17"};
        Reply first = Api.post(node, messages, "{\"payload\":1}", key);
        Reply repeat = Api.post(node, messages, "{\"payload\":1}", key);
        assertThat(first.status()).isEqualTo(201);
        assertThat(repeat.status()).isEqualTo(200);
        assertThat(repeat.body()).isEqualTo(first.body());
        assertProblem(Api.post(node, messages, "{\"payload\":2}", key), 409, "FAILED_PRECONDITION");
        assertProblem(
                Api.post(node, messages, "{\"payload\":2,\"ephemeral\":true}", "Idempotency-Key", "e"),
                400,
                "INVALID_ARGUMENT");
        assertProblem(
                Api.post(node, messages, "{\"payload\":2}", "Idempotency-Key", "x".repeat(129)),
                400,
                "INVALID_ARGUMENT");
        assertThat(seqs(Api.get(node, messages).body().get("messages"))).containsExactly(1);
    }

    @Test
    void malformedBodiesAndPaths() {
        for (String body : new String[] {"", "x", "[]", "{}", "{\"payload\":}", "{\"payload\":1,\"event\":7}"}) {
            assertProblem(Api.post(node, messages, body), 400, "INVALID_ARGUMENT");
        }
        assertProblem(Api.post(node, "/api/v1/rooms/a%20b/messages", "{\"payload\":1}"), 400, "INVALID_ARGUMENT");
        assertProblem(Api.get(node, "/api/v1/nothing"), 404, "NOT_FOUND");
        assertProblem(Api.get(node, messages + "/more"), 404, "NOT_FOUND");
        assertProblem(Api.get(node, messages + "?limit=1001"), 400, "INVALID_ARGUMENT");
        assertProblem(Api.get(node, messages + "?since=x"), 400, "INVALID_ARGUMENT");
        assertProblem(Api.get(node, messages + "?since=e:1&before=e:2"), 400, "INVALID_ARGUMENT");
        assertProblem(Api.get(node, messages + "?since=other:1"), 416, "OUT_OF_RANGE");
    }

    @Test
    void tooLargeWrongKindWrongMethod() {
        Reply large = Api.post(node, messages, "{\"payload\":\"" + "x".repeat(16_384) + "\"}");
        assertThat(large.status()).isEqualTo(413);
        assertThat(large.header("content-type")).startsWith("application/problem+json");
        Reply text = Api.post(node, messages, "{\"payload\":1}", "Content-Type", "text/plain");
        assertThat(text.status()).isEqualTo(415);
        for (String[] call : new String[][] {
            {"PUT", messages},
            {"DELETE", messages},
            {"POST", "/api/v1/rooms"},
            {"POST", "/api/v1/rooms/" + room},
            {"GET", "/api/v1/messages"},
            {"GET", "/api/v1/tickets"},
            {"POST", "/api/v1/nodes"},
            {"DELETE", "/api/v1/users/ann"},
            {"GET", "/api/v1/users/ann/disconnect"},
            {"POST", "/api/v1/connections"}
        }) {
            Reply reply = Api.call(node, call[0], call[1], call[0].equals("GET") ? null : "{}");
            assertThat(reply.status()).as(call[0] + " " + call[1]).isEqualTo(405);
            assertThat(reply.header("allow")).as(call[0] + " " + call[1]).isNotEmpty();
        }
    }

    @Test
    void batchAnswersEachForItself() {
        String other = Nodes.room("chat");
        Reply rooms = Api.post(
                node,
                "/api/v1/messages",
                "{\"rooms\":[\"" + room + "\",\"bad room\",\"" + other + "\"],\"payload\":1,\"event\":\"e\"}");
        assertThat(rooms.status()).isEqualTo(200);
        JsonNode items = rooms.body().get("items");
        assertThat(items).hasSize(3);
        assertThat(items.get(0).get("seq").asInt()).isEqualTo(1);
        assertThat(items.get(0).get("room").asText()).isEqualTo(room);
        assertThat(items.get(1).at("/error/code").asText()).isEqualTo("INVALID_ARGUMENT");
        assertThat(items.get(1).get("room").asText()).isEqualTo("bad room");
        assertThat(items.get(2).get("room").asText()).isEqualTo(other);
        Reply list = Api.post(
                node,
                "/api/v1/messages",
                "{\"messages\":[{\"room\":\"" + room + "\",\"payload\":2},{\"room\":\"" + room + "\"},{},7,{\"room\":\""
                        + room + "\",\"payload\":[3 , {\"a\":\"]\"}]}]}");
        assertThat(list.status()).isEqualTo(200);
        items = list.body().get("items");
        assertThat(items).hasSize(5);
        assertThat(items.get(0).get("seq").asInt()).isEqualTo(2);
        for (int bad = 1; bad < 4; bad++) {
            assertThat(items.get(bad).at("/error/code").asText()).isEqualTo("INVALID_ARGUMENT");
        }
        assertThat(items.get(4).get("seq").asInt()).isEqualTo(3);
        for (String body : new String[] {
            "{}",
            "{\"rooms\":[]}",
            "{\"rooms\":\"a\",\"payload\":1}",
            "{\"messages\":{}}",
            "{\"rooms\":[" + "\"a\",".repeat(100) + "\"a\"],\"payload\":1}"
        }) {
            assertProblem(Api.post(node, "/api/v1/messages", body), 400, "INVALID_ARGUMENT");
        }
    }

    @Test
    void noMessageOfABatchIsLargerThanOneByItself() {
        String large = "\"" + "x".repeat(1_500_000) + "\"";
        Reply rooms = Api.post(node, "/api/v1/messages", "{\"rooms\":[\"" + room + "\"],\"payload\":" + large + "}");
        assertProblem(rooms, 413, "INVALID_ARGUMENT");
        Reply list = Api.post(
                node,
                "/api/v1/messages",
                "{\"messages\":[{\"room\":\"" + room + "\",\"payload\":" + large + "},{\"room\":\"" + room
                        + "\",\"payload\":2}]}");
        assertThat(list.status()).isEqualTo(200);
        JsonNode items = list.body().get("items");
        assertThat(items.get(0).get("room").asText()).isEqualTo(room);
        assertThat(items.get(0).at("/error/code").asText()).isEqualTo("INVALID_ARGUMENT");
        assertThat(items.get(0).at("/error/message").asText()).contains("larger than 16384 bytes");
        assertThat(items.get(1).get("seq").asInt()).isEqualTo(1);
        assertThat(Api.get(node, messages).body().get("messages")).hasSize(1);
    }

    @Test
    void polling() {
        for (int i = 1; i <= 60; i++) {
            Api.post(node, messages, "{\"payload\":" + i + "}");
        }
        JsonNode begin = Api.get(node, messages + "?limit=5").body();
        assertThat(seqs(begin.get("messages"))).containsExactly(56, 57, 58, 59, 60);
        assertThat(begin.get("seq").asInt()).isEqualTo(60);
        assertThat(begin.get("first").asInt()).isEqualTo(1);
        assertThat(begin.get("truncated").asBoolean()).isFalse();
        String epoch = begin.get("epoch").asText();
        int place = 10;
        List<Integer> got = new ArrayList<>();
        while (place < 60) {
            JsonNode page = Api.get(node, messages + "?limit=20&since=" + epoch + ":" + place)
                    .body();
            got.addAll(seqs(page.get("messages")));
            place = got.get(got.size() - 1);
        }
        assertThat(got).hasSize(50).isSorted().doesNotHaveDuplicates();
        assertThat(seqs(Api.get(node, messages + "?since=" + epoch + ":60")
                        .body()
                        .get("messages")))
                .isEmpty();
        assertThat(seqs(Api.get(node, messages + "?limit=3&before=" + epoch + ":10")
                        .body()
                        .get("messages")))
                .containsExactly(7, 8, 9);
        JsonNode one = begin.at("/messages/0");
        assertThat(one.get("room").asText()).isEqualTo(room);
        assertThat(one.get("ts").asLong()).isPositive();
        assertThat(one.at("/from/conn").asText()).isEqualTo("http");
    }

    @Test
    void roomsAreListedAndDescribed() {
        String prefix = Nodes.room("listed");
        for (String suffix : new String[] {"a", "b", "c"}) {
            Api.post(node, "/api/v1/rooms/" + prefix + ":" + suffix + "/messages", "{\"payload\":1}");
        }
        JsonNode page = Api.get(node, "/api/v1/rooms?limit=2&prefix=" + prefix).body();
        assertThat(page.get("items").findValuesAsText("room")).containsExactly(prefix + ":a", prefix + ":b");
        JsonNode rest = Api.get(
                        node,
                        "/api/v1/rooms?limit=2&prefix=" + prefix + "&after="
                                + page.get("next").asText())
                .body();
        assertThat(rest.get("items").findValuesAsText("room")).containsExactly(prefix + ":c");
        assertThat(rest.has("next")).isFalse();
        try (RawWebSocket ann = RawWebSocket.open(node)) {
            ann.join(room);
            ann.publish(room, "1");
            JsonNode one = Api.get(node, "/api/v1/rooms/" + room).body();
            assertThat(one.get("seq").asInt()).isEqualTo(1);
            assertThat(one.get("count").asInt()).isEqualTo(1);
            assertThat(one.get("connections").asInt()).isEqualTo(1);
            assertThat(one.get("rev").asInt()).isEqualTo(1);
            assertThat(one.get("epoch").asText()).isNotEmpty();
            assertProblem(Api.get(node, "/api/v1/rooms/" + Nodes.room("unused")), 404, "NOT_FOUND");
            // a user's token does not make a backend
            String[] bearer = {"Authorization", "Bearer " + ann.anon()};
            for (String path : new String[] {"/rooms", "/users/x", "/connections", "/nodes"}) {
                assertProblem(Api.get(node, "/api/v1" + path, bearer), 403, "PERMISSION_DENIED");
            }
        }
    }

    @Test
    void namesInPathsArePercentEncoded() {
        String name = room + ":a|b@c~d";
        Reply reply = Api.post(
                node,
                "/api/v1/rooms/" + name.replace("|", "%7C").replace(":", "%3A").replace("@", "%40") + "/messages",
                "{\"payload\":1}");
        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.body().get("room").asText()).isEqualTo(name);
    }

    @Test
    void connectionsAreListedInPages() {
        try (RawWebSocket ann = RawWebSocket.open(node);
                RawWebSocket tab = ann.another(node)) {
            String path = "/api/v1/connections?limit=1&user=" + ann.user();
            JsonNode first = Api.get(node, path).body();
            JsonNode second =
                    Api.get(node, path + "&after=" + first.get("next").asText()).body();
            assertThat(List.of(
                            first.at("/items/0/conn").asText(),
                            second.at("/items/0/conn").asText()))
                    .containsExactlyInAnyOrder(ann.conn(), tab.conn());
            assertThat(first.get("items")).hasSize(1);
            assertThat(second.has("next")).isFalse();
        }
    }

    @Test
    void nobodyIsRemovedFromTheirOwnRoom() {
        try (RawWebSocket ann = RawWebSocket.open(node)) {
            String own = "user:" + ann.user();
            assertProblem(
                    Api.delete(node, "/api/v1/rooms/" + own + "/members/" + ann.user()), 409, "FAILED_PRECONDITION");
            assertProblem(Api.delete(node, "/api/v1/rooms/" + own + "/members/bob"), 409, "FAILED_PRECONDITION");
            Api.post(node, "/api/v1/users/" + ann.user() + "/messages", "{\"payload\":\"still here\"}");
            assertThat(ann.message(own).get("payload").asText()).isEqualTo("still here");
            assertThat(ann.all()).noneMatch(f -> f.get("type").asText().equals("room.removed"));
        }
    }

    @Test
    void membersUsersConnectionsNodes() {
        try (RawWebSocket ann = RawWebSocket.open(node);
                RawWebSocket tab = ann.another(node)) {
            ann.join(room);
            JsonNode members =
                    Api.get(node, "/api/v1/rooms/" + room + "/members").body();
            assertThat(members.at("/items/0/user").asText()).isEqualTo(ann.user());
            JsonNode user = Api.get(node, "/api/v1/users/" + ann.user()).body();
            assertThat(user.get("online").asBoolean()).isTrue();
            assertThat(user.get("connections")).hasSize(2);
            assertThat(user.get("rooms").toString()).contains(room);
            assertThat(Api.get(node, "/api/v1/users/nobody")
                            .body()
                            .get("online")
                            .asBoolean())
                    .isFalse();
            JsonNode connections = Api.get(node, "/api/v1/connections?user=" + ann.user())
                    .body()
                    .get("items");
            assertThat(connections.findValuesAsText("conn")).containsExactlyInAnyOrder(ann.conn(), tab.conn());
            JsonNode one = Api.get(node, "/api/v1/connections/" + ann.conn()).body();
            assertThat(one.get("user").asText()).isEqualTo(ann.user());
            assertProblem(Api.get(node, "/api/v1/connections/none"), 404, "NOT_FOUND");
            assertProblem(Api.delete(node, "/api/v1/connections/none"), 404, "NOT_FOUND");
            JsonNode nodes = Api.get(node, "/api/v1/nodes").body();
            assertThat(nodes.at("/items/0/node").asText())
                    .isEqualTo(ann.opened().get("node").asText());
            assertThat(Api.delete(node, "/api/v1/rooms/" + room + "/members/nobody")
                            .status())
                    .isEqualTo(204);
            assertThat(Api.delete(node, "/api/v1/connections/" + tab.conn()).status())
                    .isEqualTo(204);
            assertThat(tab.end().code()).isEqualTo(4003);
            assertThat(Api.post(node, "/api/v1/users/" + ann.user() + "/disconnect", "")
                            .status())
                    .isEqualTo(204);
            assertThat(ann.end().code()).isEqualTo(4003);
            assertProblem(Api.post(node, "/api/v1/users/a%20b/disconnect", ""), 400, "INVALID_ARGUMENT");
        }
    }
}
