package dev.hubbub.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.access.AnonymousIds;
import dev.hubbub.session.Session;
import dev.hubbub.spi.RoomAuthorizer;
import dev.hubbub.spi.RoomAuthorizer.Decision;
import dev.hubbub.support.FakeSink;
import dev.hubbub.support.Graph;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** New tokens of a session whose user a team's own code looks at late. */
class RefreshTest {
    private static final Map<String, String> OPTIONS =
            Map.of("hubbub.auth.anonymous-secret", "a-secret-of-tests-that-is-long-enough-to-be-one");

    private final List<CompletableFuture<Decision>> asked = new CopyOnWriteArrayList<>();
    private final Graph graph = new Graph(OPTIONS, List.of(this::decide), null);
    private final AnonymousIds ids = new AnonymousIds(graph.settings, graph.clock);

    private CompletableFuture<Decision> decide(RoomAuthorizer.Question question) {
        CompletableFuture<Decision> decision = new CompletableFuture<>();
        asked.add(decision);
        return decision;
    }

    @AfterEach
    void end() {
        graph.close();
    }

    private static JsonNode answer(FakeSink sink, String id) {
        Awaitility.await()
                .until(() -> sink.frames().stream()
                        .anyMatch(f -> f.path("id").asText().equals(id)));
        return sink.frames().stream()
                .filter(f -> f.path("id").asText().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private void refresh(Session session, String id) {
        graph.send(session, "{'type':'auth.refresh','id':'" + id + "','data':{'token':'" + ids.issue() + "'}}");
    }

    @Test
    void ofTwoTokensAtOnceTheSecondIsRefusedAndOnceTheFirstIsDecidedANewOneIsLookedAt() {
        FakeSink sink = new FakeSink();
        FakeSink otherSink = new FakeSink();
        Session ann = graph.open("ann", sink);
        Session ben = graph.open("ben", otherSink);
        refresh(ann, "1");
        refresh(ann, "2");
        assertThat(answer(sink, "2").at("/data/code").asText()).isEqualTo("FAILED_PRECONDITION");
        refresh(ben, "other"); // is not in the way of others
        Awaitility.await().until(() -> asked.size() == 2);
        asked.forEach(decision -> decision.complete(Decision.DENY));
        assertThat(answer(sink, "1").at("/data/code").asText()).isEqualTo("PERMISSION_DENIED");
        assertThat(answer(otherSink, "other").at("/data/code").asText()).isEqualTo("PERMISSION_DENIED");
        refresh(ann, "3");
        Awaitility.await().until(() -> asked.size() == 3);
        asked.get(2).completeExceptionally(new IllegalStateException("as databases do"));
        assertThat(answer(sink, "3").at("/data/code").asText()).isEqualTo("UNAVAILABLE");
        refresh(ann, "4");
        Awaitility.await().until(() -> asked.size() == 4);
    }
}
