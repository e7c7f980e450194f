package dev.hubbub.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.session.Session;
import dev.hubbub.support.FakeSink;
import dev.hubbub.support.Graph;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a join gives whoever may be in a room, and neither read its history nor see who is there. */
class JoinRightsTest {
    private final Graph graph = new Graph(Map.of(
            "hubbub.namespace.now.history", "nobody",
            "hubbub.namespace.now.members", "nobody"));
    private final FakeSink sink = new FakeSink();
    private final Session ann = graph.open("ann", sink);
    private final Session ben = graph.open("ben", new FakeSink());

    @AfterEach
    void end() {
        graph.close();
    }

    private void publish() {
        graph.send(ben, "{'type':'room.publish','data':{'room':'now:a','payload':1}}");
    }

    private JsonNode join(String more) {
        graph.send(ann, "{'type':'room.join','id':'j','data':{'room':'now:a'" + more + "}}");
        List<JsonNode> frames = sink.frames().stream()
                .filter(f -> f.path("id").asText().equals("j"))
                .toList();
        return frames.get(frames.size() - 1).path("data");
    }

    @Test
    void nobodyIsListedOrShown() {
        JsonNode reply = join("");
        assertThat(reply.has("members")).isFalse();
        graph.send(ben, "{'type':'room.join','data':{'room':'now:a'}}");
        assertThat(sink.frames("presence.joined")).isEmpty();
        assertThat(join(",'presence':'full'").path("code").asText()).isEqualTo("PERMISSION_DENIED");
        assertThat(join(",'presence':'listen'").path("code").asText()).isEqualTo("PERMISSION_DENIED");
        assertThat(join(",'presence':'off'").path("epoch").asText()).isNotEmpty();
    }

    @Test
    void theLastMessagesAreHistory() {
        publish();
        assertThat(join(",'replay':1").path("code").asText()).isEqualTo("PERMISSION_DENIED");
        publish();
        assertThat(sink.frames("room.published")).isEmpty();
    }

    @Test
    void whatWasMissedJustNowComesAgainAndNothingOlder() {
        String epoch = join("").path("epoch").asText();
        publish();
        graph.send(ann, "{'type':'room.leave','data':{'room':'now:a'}}");
        graph.tick(Duration.ofSeconds(60));
        publish();
        graph.tick(Duration.ofSeconds(60));
        JsonNode resumed = join(",'since':{'epoch':'" + epoch + "','seq':1}");
        assertThat(resumed.path("recovered").asBoolean()).isTrue();
        assertThat(resumed.path("replayed").asInt()).isEqualTo(1);
        graph.tick(Duration.ofSeconds(61));
        JsonNode late = join(",'since':{'epoch':'" + epoch + "','seq':0}");
        assertThat(late.path("recovered").asBoolean(true)).isFalse();
        assertThat(late.path("replayed").asInt()).isZero();
        assertThat(sink.frames("room.reset").get(0).path("data").path("reason").asText())
                .isEqualTo("trimmed");
    }
}
