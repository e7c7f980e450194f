package dev.hubbub.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.support.Api;
import dev.hubbub.support.EventStream;
import dev.hubbub.support.Node;
import dev.hubbub.support.Nodes;
import dev.hubbub.support.RawWebSocket;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What a node lets go: keys after their time, and messages after theirs. */
class ForgettingIT {
    private static final String QUIET = ",\"presence\":\"off\"";
    private static final int KEY_MS = 2000;
    private final Node node = Nodes.impatient();

    private static String since(String epoch, long seq) {
        return ",\"since\":{\"epoch\":\"" + epoch + "\",\"seq\":" + seq + "}";
    }

    /** What ends a history's answers. */
    private static JsonNode history(RawWebSocket socket, String room, String more) {
        String id = socket.ask("room.history", "{\"room\":\"" + room + "\"" + more + "}");
        JsonNode answer = socket.answer(id);
        while (answer.get("type").asText().equals("room.history.reply")) {
            answer = socket.answer(id);
        }
        return answer.get("data");
    }

    @Test
    void aKeyIsRememberedForItsTimeAndNoLonger() {
        String room = Nodes.room("chat");
        String path = "/api/v1/rooms/" + Nodes.room("chat") + "/messages";
        String[] header = {"Idempotency-Key", "order-17"};
        try (RawWebSocket ann = RawWebSocket.open(node);
                RawWebSocket bob = RawWebSocket.open(node)) {
            bob.join(room, QUIET);
            JsonNode first = ann.publish(room, "1", ",\"key\":\"k\"");
            assertThat(ann.publish(room, "1", ",\"key\":\"k\"")).isEqualTo(first);
            JsonNode firstByHttp =
                    Api.post(node, path, "{\"payload\":1}", header).body();
            // another payload is refused as long as the key is known
            Api.Reply next = Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> Api.post(node, path, "{\"payload\":2}", header), r -> r.status() != 409);
            assertThat(next.status()).isEqualTo(201);
            assertThat(next.body().get("seq").asInt()).isEqualTo(2);
            assertThat(next.body().get("ts").asLong() - firstByHttp.get("ts").asLong())
                    .isGreaterThanOrEqualTo(KEY_MS);
            // the other key is older: it publishes anew, and is remembered anew
            JsonNode second = ann.publish(room, "1", ",\"key\":\"k\"");
            assertThat(second.get("seq").asInt()).isEqualTo(2);
            assertThat(second.get("epoch")).isEqualTo(first.get("epoch"));
            assertThat(ann.publish(room, "1", ",\"key\":\"k\"")).isEqualTo(second);
            assertThat(bob.message(room).get("seq").asInt()).isEqualTo(1);
            assertThat(bob.message(room).get("seq").asInt()).isEqualTo(2);
            bob.barrier();
            assertThat(bob.pending()).isEmpty();
        }
    }

    @Test
    void messagesGoWithTheirAgeAndAPlaceFromBeforeIsReset() {
        String room = Nodes.room("brief");
        String cursor;
        try (EventStream stream = EventStream.open(node, "presence=off&room=" + room)) {
            cursor = stream.next("room.joined").id();
        }
        try (RawWebSocket ann = RawWebSocket.open(node);
                RawWebSocket bob = RawWebSocket.open(node)) {
            bob.join(room, QUIET);
            ann.publish(room, "1");
            ann.publish(room, "2");
            String epoch = ann.publish(room, "3").get("epoch").asText();
            JsonNode kept = history(ann, room, "");
            assertThat(kept.get("first").asInt()).isEqualTo(1);
            assertThat(bob.join(room, since(epoch, 1)).get("replayed").asInt()).isEqualTo(2);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> Api.get(node, "/api/v1/rooms/" + room + "/messages")
                                    .body()
                                    .get("first")
                                    .asInt()
                            == 4);
            JsonNode complete = history(ann, room, since(epoch, 1));
            assertThat(complete.toString())
                    .isEqualTo("{\"epoch\":\"" + epoch + "\",\"seq\":3,\"first\":4,\"truncated\":true}");
            JsonNode polled = Api.get(node, "/api/v1/rooms/" + room + "/messages?since=" + epoch + ":1")
                    .body();
            assertThat(polled.get("messages")).isEmpty();
            assertThat(polled.get("truncated").asBoolean()).isTrue();
            assertReset(ann, room, epoch);
            assertReset(room, cursor);
            // whoever has them all misses nothing
            assertThat(ann.join(room, since(epoch, 3)).get("recovered").asBoolean())
                    .isTrue();
            assertThat(ann.publish(room, "4").get("seq").asInt()).isEqualTo(4);
            assertThat(ann.message(room).get("epoch").asText()).isEqualTo(epoch);
            bob.next(f -> f.at("/data/seq").asInt() == 4 && !f.has("id"), "fourth message");
            assertThat(bob.all()).noneMatch(f -> f.get("type").asText().equals("room.reset"));
        }
    }

    private static void assertReset(RawWebSocket socket, String room, String epoch) {
        JsonNode joined = socket.join(room, QUIET + since(epoch, 1));
        assertThat(joined.get("recovered").asBoolean()).isFalse();
        assertThat(joined.get("replayed").asInt()).isZero();
        JsonNode reset = socket.next();
        assertThat(reset.get("type").asText()).isEqualTo("room.reset");
        assertThat(reset.at("/data/reason").asText()).isEqualTo("trimmed");
        assertThat(reset.at("/data/epoch").asText()).isEqualTo(epoch);
        assertThat(reset.at("/data/seq").asInt()).isEqualTo(3);
    }

    /** The same for a stream that comes back with the cursor of an empty room. */
    private void assertReset(String room, String cursor) {
        try (EventStream stream = EventStream.open(node, "presence=off&room=" + room, "Last-Event-ID: " + cursor)) {
            assertThat(stream.next("room.joined").content().get("recovered").asBoolean())
                    .isFalse();
            EventStream.Event reset = stream.next("room.reset");
            assertThat(reset.content().get("reason").asText()).isEqualTo("trimmed");
            assertThat(reset.id()).isNotEmpty();
        }
    }
}
