package dev.hubbub.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.access.Pace;
import dev.hubbub.cluster.Unavailable;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.session.Session;
import dev.hubbub.spi.RoomAuthorizer.Decision;
import dev.hubbub.support.FakeSink;
import dev.hubbub.support.Graph;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Publishes that wait for an answer before they may go: their order, and what is told of those that are too many. */
class PublishPaceTest {
    private static final Map<String, String> LIMITED = Map.of(
            "hubbub.delivery.loops", "1",
            "hubbub.limits.enabled", "true",
            "hubbub.limits.messages-burst", "1000",
            "hubbub.limits.refusals-per-minute", "3",
            "hubbub.namespace.slow.publishes-per-minute", "2");

    private final FakeSink sink = new FakeSink();
    private @Nullable Graph graph;
    private @Nullable Session ann;

    private void begin(Graph made) {
        graph = made;
        ann = made.open("ann", sink);
        made.send(ann, "{'type':'room.join','id':'j','data':{'room':'slow:a'}}");
    }

    @AfterEach
    void end() {
        graph.close();
    }

    private void publish(String room, int payload) {
        graph.send(
                ann,
                "{'type':'room.publish','id':'p" + payload + "','data':{'room':'" + room + "','payload':" + payload
                        + "}}");
    }

    private List<Integer> payloads() {
        return sink.frames().stream()
                .filter(f -> f.path("type").asText().equals("room.published"))
                .map(f -> f.at("/data/payload").asInt())
                .toList();
    }

    private boolean told(String type) {
        return sink.frames().stream().anyMatch(f -> f.path("type").asText().equals(type));
    }

    private List<JsonNode> errors() {
        return sink.frames().stream()
                .filter(f -> f.path("type").asText().equals("error"))
                .map(f -> f.get("data"))
                .toList();
    }

    @Test
    void publishesKeepTheirOrderHoweverLateATeamsCodeDecides() {
        List<CompletableFuture<Decision>> asked = new CopyOnWriteArrayList<>();
        begin(new Graph(
                Map.of("hubbub.delivery.loops", "1"),
                List.of(question -> {
                    CompletableFuture<Decision> decision = new CompletableFuture<>();
                    if (question.room().equals("slow:a")
                            && question.action().name().equals("PUBLISH")) {
                        asked.add(decision);
                    } else {
                        decision.complete(Decision.ALLOW);
                    }
                    return decision;
                }),
                null));
        Awaitility.await().until(() -> told("room.join.reply"));
        publish("slow:a", 1);
        publish("slow:a", 2);
        Awaitility.await().until(() -> !asked.isEmpty());
        // of the second nothing is asked until the first is through
        Awaitility.await().during(Duration.ofMillis(200)).until(() -> asked.size() == 1);
        asked.get(0).complete(Decision.ALLOW);
        Awaitility.await().until(() -> asked.size() == 2);
        asked.get(1).complete(Decision.ALLOW);
        Awaitility.await().untilAsserted(() -> assertThat(payloads()).containsExactly(1, 2));
    }

    @Test
    void publishesKeepTheirOrderHoweverLateTheirRateIsKnown() {
        List<CompletableFuture<Long>> asked = new ArrayList<>();
        begin(new Graph(LIMITED, List.of(), (name, perMinute) -> {
            CompletableFuture<Long> wait = new CompletableFuture<>();
            asked.add(wait);
            return wait;
        }));
        for (int i = 1; i <= 3; i++) {
            publish("slow:a", i);
        }
        assertThat(payloads()).isEmpty();
        for (int i = 0; i < 3; i++) {
            assertThat(asked).hasSize(i + 1); // the next is asked when this one is done
            asked.get(i).complete(0L);
        }
        assertThat(payloads()).containsExactly(1, 2, 3);
    }

    @Test
    void tooManyInAMinuteAreRefusedWithATimeThenTheConnectionEnds() {
        begin(new Graph(LIMITED));
        for (int i = 1; i <= 4; i++) {
            publish("slow:a", i);
        }
        publish("other:a", 5);
        assertThat(payloads()).containsExactly(1, 2);
        assertThat(errors()).hasSize(2).allSatisfy(error -> {
            assertThat(error.get("code").asText()).isEqualTo("RESOURCE_EXHAUSTED");
            assertThat(error.get("retryAfterMs").asInt()).isEqualTo(30_000);
        });
        assertThat(sink.closed()).isNull();
        publish("slow:b", 6); // another room of the same namespace
        assertThat(sink.closed()).isEqualTo(CloseCode.RATE_LIMIT);
    }

    @Test
    void aUserIsCountedOverAllConnections() {
        begin(new Graph(LIMITED));
        publish("slow:a", 1);
        FakeSink other = new FakeSink();
        Session second = graph.open("ann", other);
        Session bob = graph.open("bob", new FakeSink());
        String frame = "{'type':'room.publish','data':{'room':'slow:a','payload':2}}";
        for (Session one : List.of(second, second, bob)) {
            graph.send(one, frame);
        }
        assertThat(payloads()).containsExactly(1, 2, 2);
        graph.tick(Duration.ofSeconds(30));
        publish("slow:a", 3);
        assertThat(payloads()).containsExactly(1, 2, 2, 3);
    }

    @Test
    void whereNobodyCountsItIsUnavailable() {
        begin(new Graph(LIMITED, List.of(), (name, perMinute) -> CompletableFuture.failedFuture(Unavailable.away())));
        publish("slow:a", 1);
        assertThat(payloads()).isEmpty();
        assertThat(errors().get(0).get("code").asText()).isEqualTo("UNAVAILABLE");
    }

    @Test
    void whoeverHasNoRightTakesNothing() {
        begin(new Graph(
                Map.of(
                        "hubbub.limits.enabled", "true",
                        "hubbub.namespace.slow.publish", "backend",
                        "hubbub.namespace.slow.publishes-per-minute", "2"),
                List.of(),
                (name, perMinute) -> {
                    throw new AssertionError("counted");
                }));
        publish("slow:a", 1);
        assertThat(errors().get(0).get("code").asText()).isEqualTo("PERMISSION_DENIED");
    }

    @Test
    void whereNothingIsAskedForNothingIsCounted() {
        begin(new Graph(LIMITED, List.of(), (name, perMinute) -> {
            throw new AssertionError("counted");
        }));
        publish("other:a", 1);
        assertThat(errors()).isEmpty();
        assertThat(new Pace(graph.settings.limits).wasTooFast(0)).isFalse();
    }
}
