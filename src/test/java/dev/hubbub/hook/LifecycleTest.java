package dev.hubbub.hook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.cluster.InMemoryOccupancy;
import dev.hubbub.cluster.InMemoryOutbox;
import dev.hubbub.cluster.Occupancy;
import dev.hubbub.cluster.Outbox;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.session.NodeName;
import dev.hubbub.session.Session;
import dev.hubbub.spi.LifecycleEvent;
import dev.hubbub.support.FakeSink;
import dev.hubbub.support.Graph;
import dev.hubbub.support.StrictJson;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LifecycleTest {
    private static final Map<String, String> HOOK = Map.of(
            "hubbub.node", "one",
            "hubbub.webhook.url", "http://127.0.0.1:1/",
            "hubbub.webhook.secret", "s".repeat(32));

    private final List<LifecycleEvent> heard = Collections.synchronizedList(new ArrayList<>());
    private final HookStats stats = new HookStats();
    private Graph graph;
    private Outbox outbox;
    private Lifecycle lifecycle;

    private void begin(Map<String, String> options, List<Consumer<LifecycleEvent>> observers) {
        Map<String, String> all = new HashMap<>(Map.of("hubbub.node", "one"));
        all.putAll(options);
        graph = new Graph(all);
        begin(observers, new InMemoryOccupancy(graph.clock));
    }

    private void begin(List<Consumer<LifecycleEvent>> observers, Occupancy occupancy) {
        outbox = new InMemoryOutbox(graph.settings, graph.clock);
        Sender never = new Sender(outbox, graph.settings, stats, graph.clock, below -> 0) {
            @Override
            synchronized void start() {}
        };
        lifecycle = new Lifecycle(
                null, // observers are given
                graph.sessions,
                graph.rooms,
                occupancy,
                outbox,
                never,
                stats,
                graph.settings,
                new NodeName(graph.settings),
                graph.clock);
        lifecycle.begin(observers);
    }

    @AfterEach
    void close() {
        lifecycle.stop();
        graph.close();
    }

    private void join(Session session, String room) {
        graph.send(session, "{'type':'room.join','id':'j','data':{'room':'" + room + "'}}");
    }

    private void leave(Session session, String room) {
        graph.send(session, "{'type':'room.leave','id':'l','data':{'room':'" + room + "'}}");
    }

    private void awaitHeard(String... lines) {
        Awaitility.await()
                .untilAsserted(() -> assertThat(
                                heard.stream().map(e -> (e.kind() + " " + e.user() + " " + e.room()).strip()))
                        .containsExactly(lines));
    }

    private List<String> sent() throws Exception {
        return outbox.next(1000, 1).toCompletableFuture().get(1, TimeUnit.SECONDS).items().stream()
                .map(item -> StrictJson.parse(item.text()).get("kind").asText())
                .toList();
    }

    @Test
    void everythingIsToldInOrder() {
        begin(Map.of(), List.of(heard::add));
        Session ann = graph.open("ann", new FakeSink());
        join(ann, "chat:1");
        Session ben = graph.open("ben", new FakeSink());
        join(ben, "chat:1");
        leave(ann, "chat:1");
        graph.sessions.gone(ben, 1001);
        graph.sessions.gone(ann, 1001);
        awaitHeard(
                "CONNECT ann",
                "JOIN ann chat:1",
                "OCCUPIED  chat:1",
                "CONNECT ben",
                "JOIN ben chat:1",
                "LEAVE ann chat:1",
                "LEAVE ben chat:1",
                "VACATED  chat:1",
                "DISCONNECT ben",
                "DISCONNECT ann");
        assertThat(new HashSet<>(heard.stream().map(LifecycleEvent::id).toList()))
                .hasSize(10);
        assertThat(heard).allSatisfy(e -> {
            assertThat(e.node()).isEqualTo("one");
            assertThat(e.at()).isEqualTo(graph.clock.millis());
        });
        assertThat(heard.get(1).conn()).isEqualTo(ann.id().value());
    }

    @Test
    void joiningAgainIsNoJoin() {
        begin(Map.of(), List.of(heard::add));
        Session ann = graph.open("ann", new FakeSink());
        join(ann, "chat:1");
        join(ann, "chat:1");
        leave(ann, "chat:1");
        leave(ann, "chat:1");
        awaitHeard("CONNECT ann", "JOIN ann chat:1", "OCCUPIED  chat:1", "LEAVE ann chat:1", "VACATED  chat:1");
    }

    @Test
    void aUserThatIsTakenOutLeaves() {
        begin(Map.of(), List.of(heard::add));
        Session ann = graph.open("ann", new FakeSink());
        join(ann, "chat:1");
        graph.memberships.remove(ann, new RoomName("chat:1"), "enough");
        awaitHeard("CONNECT ann", "JOIN ann chat:1", "OCCUPIED  chat:1", "LEAVE ann chat:1", "VACATED  chat:1");
    }

    @Test
    void theWebhookIsToldTheKindsThatItWants() throws Exception {
        Map<String, String> options = new HashMap<>(HOOK);
        options.put("hubbub.webhook.events", "leave,occupied,disconnect");
        begin(options, List.of());
        Session ann = graph.open("ann", new FakeSink());
        join(ann, "chat:1");
        graph.sessions.gone(ann, 1001);
        assertThat(sent()).containsExactly("occupied", "leave", "disconnect");
    }

    @Test
    void whatAnEventHasNotIsLeftOut() throws Exception {
        begin(HOOK, List.of());
        graph.open("ann", new FakeSink());
        String text =
                outbox.next(1, 1).toCompletableFuture().get().items().get(0).text();
        assertThat(StrictJson.parse(text).fieldNames())
                .toIterable()
                .containsExactly("id", "kind", "user", "conn", "node", "ts");
    }

    private static final class Untouched implements Occupancy {
        private int calls;

        @Override
        public void listen(Listener listener) {
            calls++;
        }

        @Override
        public void occupy(RoomName room) {
            calls++;
        }

        @Override
        public void vacate(RoomName room) {
            calls++;
        }

        @Override
        public CompletionStage<?> settled() {
            return CompletableFuture.completedFuture(null);
        }
    }

    @Test
    void whereNobodyWantsToHearNothingIsDone() throws Exception {
        graph = new Graph(Map.of());
        Untouched occupancy = new Untouched();
        begin(List.of(), occupancy);
        Session ann = graph.open("ann", new FakeSink());
        join(ann, "chat:1");
        graph.sessions.gone(ann, 1001);
        assertThat(occupancy.calls).isZero();
        assertThat(sent()).isEmpty();
        assertThat(Thread.getAllStackTraces().keySet().stream().map(Thread::getName))
                .doesNotContain("lifecycle-events", "webhook");
    }

    @Test
    void roomsAreNotCountedForAWebhookThatDoesNotWantIt() {
        Map<String, String> options = new HashMap<>(HOOK);
        options.put("hubbub.webhook.events", "connect");
        graph = new Graph(options);
        Untouched occupancy = new Untouched();
        begin(List.of(), occupancy);
        join(graph.open("ann", new FakeSink()), "chat:1");
        assertThat(occupancy.calls).isEqualTo(1); // listened to
    }

    @Test
    void anObserverThatThrowsHarmsNobody() {
        begin(
                Map.of(),
                List.of(
                        event -> {
                            throw new IllegalStateException("an observer's own");
                        },
                        event -> {
                            throw new AssertionError("an observer's own");
                        },
                        heard::add));
        join(graph.open("ann", new FakeSink()), "chat:1");
        awaitHeard("CONNECT ann", "JOIN ann chat:1", "OCCUPIED  chat:1");
    }

    @Test
    void anObserverThatStandsStillKeepsNobodyAndWhatItMissesIsCounted() throws Exception {
        CountDownLatch stands = new CountDownLatch(1);
        CountDownLatch goes = new CountDownLatch(1);
        begin(Map.of("hubbub.events.queue", "100"), List.of(event -> {
            stands.countDown();
            try {
                goes.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            heard.add(event);
        }));
        graph.open("first", new FakeSink());
        assertThat(stands.await(10, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < 130; i++) {
            graph.open("u" + i, new FakeSink());
        }
        assertThat(graph.sessions.count()).isEqualTo(131);
        assertThat(stats.unheard.sum()).isEqualTo(30);
        goes.countDown();
        Awaitility.await().until(() -> heard.size() == 101);
        assertThat(heard.get(100).user()).isEqualTo("u99");
    }
}
