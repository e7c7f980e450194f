package dev.hubbub.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.support.Node;
import dev.hubbub.support.Nodes;
import dev.hubbub.support.RawWebSocket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A reader that stops and goes on: each policy tells what was left out, and nothing is lost in silence. */
class SlowReaderIT {
    private static final int MESSAGES = 900;
    private final Node node = Nodes.shared();

    /** Publishes more than the kernel's buffers hold, then a last message. */
    private void fill(RawWebSocket publisher, String room) {
        String payload = "\"" + "x".repeat(12_000) + "\"";
        for (int i = 1; i <= MESSAGES; i++) {
            publisher.publish(room, payload, ",\"conflate\":\"c" + i % 3 + "\"");
        }
    }

    @Test
    void skipTellsWhatWasLeftOut() {
        assertThat(readsGapless("skip", "room.skipped")).isPositive();
    }

    @Test
    void latestTellsWhatWasLeftOut() {
        assertThat(readsGapless("latest", "room.skipped")).isPositive();
    }

    @Test
    void replayIsReset() {
        assertThat(readsGapless("replay", "room.reset")).isPositive();
    }

    /** Elsewhere the log's bytes hold a part of what is published, and the kernel's buffers may hold the rest. */
    @Test
    void aLogThatHoldsAllOfItReplaysAllOfIt() {
        assertThat(readsGapless("deep", "room.reset")).isZero();
    }

    /** Returns how many notices came. */
    private int readsGapless(String namespace, String notice) {
        String room = Nodes.room(namespace);
        Map<String, Long> newest = new HashMap<>();
        try (RawWebSocket publisher = RawWebSocket.open(node);
                RawWebSocket slow = RawWebSocket.openNarrow(node)) {
            slow.join(room, ",\"presence\":\"off\"");
            fill(publisher, room);
            long place = 0;
            int notices = 0;
            while (place < MESSAGES) {
                JsonNode frame = slow.next();
                JsonNode data = frame.get("data");
                switch (frame.get("type").asText()) {
                    case "room.published" -> {
                        assertThat(data.get("seq").asLong()).isEqualTo(place + 1);
                        place++;
                        newest.put(data.get("conflate").asText(), place);
                    }
                    case "room.skipped" -> {
                        assertThat(notice).isEqualTo("room.skipped");
                        assertThat(data.get("from").asLong()).isEqualTo(place + 1);
                        place = data.get("to").asLong();
                        notices++;
                    }
                    case "room.reset" -> {
                        assertThat(notice).isEqualTo("room.reset");
                        assertThat(data.get("reason").asText()).isEqualTo("trimmed");
                        place = data.get("seq").asLong();
                        notices++;
                    }
                    default -> throw new AssertionError(frame.toString());
                }
            }
            if (namespace.equals("latest")) {
                assertThat(newest.values()).containsExactlyInAnyOrder(MESSAGES - 2L, MESSAGES - 1L, (long) MESSAGES);
            }
            // and it is live again
            publisher.publish(room, "1");
            assertThat(slow.message(room).get("seq").asLong()).isEqualTo(MESSAGES + 1L);
            return notices;
        }
    }

    @Test
    void pongsGoAheadOfQueuedData() {
        String room = Nodes.room("chat");
        try (RawWebSocket publisher = RawWebSocket.open(node);
                RawWebSocket slow = RawWebSocket.openNarrow(node)) {
            slow.join(room, ",\"presence\":\"off\"");
            fill(publisher, room);
            slow.request("ping", "{}");
            assertThat(slow.pending().size()).isLessThan(MESSAGES);
        }
    }

    @Test
    void askingWithoutReadingTheAnswersIs4204() {
        String text = "\"" + "x".repeat(16_000) + "\"";
        try (RawWebSocket asking = RawWebSocket.openNarrow(node);
                RawWebSocket other = RawWebSocket.open(node)) {
            int asked = 600;
            for (int i = 0; i < asked; i++) {
                asking.ask("ping", "{\"t\":" + text + "}");
            }
            other.barrier();
            RawWebSocket.End end = asking.end();
            assertThat(end.code()).isEqualTo(4204);
            assertThat(end.reason()).isEqualTo("answers are not read");
            // what was on its way before is whole and in order
            List<JsonNode> pongs = asking.all().stream()
                    .filter(f -> f.get("type").asText().equals("pong"))
                    .toList();
            assertThat(pongs).hasSizeBetween(1, asked - 1);
            for (int i = 0; i < pongs.size(); i++) {
                assertThat(pongs.get(i).get("id").asText()).isEqualTo("q" + (i + 1));
            }
        }
    }

    @Test
    void presenceThatWasMissedIsToldTogetherOrReset() {
        String room = Nodes.room("chat");
        try (RawWebSocket publisher = RawWebSocket.open(node);
                RawWebSocket slow = RawWebSocket.openNarrow(node)) {
            slow.join(room);
            publisher.join(room);
            fill(publisher, room);
            for (int i = 0; i < 600; i++) {
                publisher.ok("presence.update", "{\"room\":\"" + room + "\",\"status\":{\"n\":" + i + "}}");
            }
            JsonNode reset = slow.next("presence.reset").get("data");
            assertThat(reset.get("rev").asInt()).isEqualTo(602);
            assertThat(reset.get("count").asInt()).isEqualTo(2);
            slow.barrier();
        }
    }
}
