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

/** A node whose logs may hold 1 MiB together: over that the largest give, it is told and counted, and all go on. */
class LogBudgetIT {
    private static final String QUIET = ",\"presence\":\"off\"";
    private static final int BUDGET = 1024 * 1024;
    private static final String SMALL = "1";
    private static final String LARGE = "\"" + "x".repeat(15_000) + "\"";
    private final Node node = Nodes.small();
    private final String large = Nodes.room("chat");
    private final String small = Nodes.room("chat");

    private JsonNode publish(String room, String payload) {
        Api.Reply reply = Api.post(node, "/api/v1/rooms/" + room + "/messages", "{\"payload\":" + payload + "}");
        assertThat(reply.status()).isEqualTo(201);
        return reply.body();
    }

    private int first(String room) {
        return Api.get(node, "/api/v1/rooms/" + room + "/messages?limit=1")
                .body()
                .get("first")
                .asInt();
    }

    private long metric(String name) {
        return Api.metric(node, name, "");
    }

    /** Publishes, and a reader has each before the next one. */
    private JsonNode publish(RawWebSocket reader, String room, String payload, int from, int to) {
        JsonNode last = null;
        for (int seq = from; seq <= to; seq++) {
            last = publish(room, payload);
            assertThat(reader.message(room).get("seq").asInt()).isEqualTo(seq);
        }
        return last;
    }

    @Test
    void theLargestLogsGive() {
        RawWebSocket reader = RawWebSocket.open(node);
        reader.join(large, QUIET);
        reader.join(small, QUIET);
        publish(reader, small, SMALL, 1, 5);
        String epoch = publish(reader, large, LARGE, 1, 60).get("epoch").asText();
        assertThat(first(large)).isEqualTo(1);
        assertThat(metric("hubbub_log_trimmed_for_budget")).isZero();
        // many rooms of one message each, which has nothing older to give
        String[] others = new String[20];
        for (int i = 0; i < others.length; i++) {
            others[i] = Nodes.room("chat");
            publish(others[i], LARGE);
        }
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> first(large) > 1);
        assertThat(metric("hubbub_log_trimmed_for_budget")).isPositive();
        assertThat(metric("hubbub_log_bytes")).isBetween(1L, (long) BUDGET);
        assertThat(first(small)).isEqualTo(1);
        for (String other : others) {
            assertThat(first(other)).isEqualTo(1);
        }
        keepsItsNewest(epoch, 60);
        // one room alone is held down as it grows; a reader that keeps up lacks nothing
        publish(reader, large, LARGE, 61, 160);
        assertThat(metric("hubbub_log_bytes")).isLessThanOrEqualTo(BUDGET);
        publish(reader, small, SMALL, 6, 6);
        assertThat(reader.all()).noneMatch(f -> f.get("type").asText().equals("room.reset"));
        reader.close(1000);
    }

    /** Who asks for more than is kept is told so, and others have what is. */
    private void keepsItsNewest(String epoch, int head) {
        RawWebSocket back = RawWebSocket.open(node);
        int first = first(large);
        JsonNode kept = back.join(large, QUIET + since(epoch, first - 1));
        assertThat(kept.get("recovered").asBoolean()).isTrue();
        assertThat(kept.get("replayed").asInt()).isEqualTo(head - first + 1);
        for (int seq = first; seq <= head; seq++) {
            assertThat(back.message(large).get("seq").asInt()).isEqualTo(seq);
        }
        JsonNode lost = back.join(large, since(epoch, first - 2));
        assertThat(lost.get("recovered").asBoolean()).isFalse();
        assertThat(back.next("room.reset").at("/data/reason").asText()).isEqualTo("trimmed");
        back.close(1000);
    }

    private static String since(String epoch, int seq) {
        return ",\"since\":{\"epoch\":\"" + epoch + "\",\"seq\":" + seq + "}";
    }
}
