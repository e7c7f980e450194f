package dev.hubbub.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.cluster.ClusterHealth;
import dev.hubbub.cluster.InMemoryNodes;
import dev.hubbub.cluster.Nodes;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.session.Session;
import dev.hubbub.support.FakeSink;
import dev.hubbub.support.Graph;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DrainTest {
    private static final long WINDOW = 10_000;
    private static final Duration LOOK = Duration.ofMillis(100);

    private final List<Graph> graphs = new ArrayList<>();
    private Graph graph;
    private ClusterHealth health;
    private InMemoryNodes nodes;
    private Drain drain;

    DrainTest() {
        setUp("PT10S", "PT30S");
    }

    private void setUp(String window, String deadline) {
        graph = new Graph(Map.of(
                "hubbub.shutdown.window",
                window,
                "hubbub.shutdown.deadline",
                deadline,
                "hubbub.delivery.loops",
                "1",
                "hubbub.delivery.inline-sessions",
                "10000"));
        graphs.add(graph);
        health = new ClusterHealth(graph.clock);
        nodes = new InMemoryNodes();
        nodes.tell(() -> new Nodes.Node("one", graph.sessions.count(), 0, false));
        drain = new Drain(graph.sessions, nodes, health, graph.settings, graph.clock);
    }

    @AfterEach
    void end() {
        graphs.forEach(Graph::close);
    }

    /** A client, and when it was closed. */
    private final class Client {
        private final FakeSink sink = new FakeSink();
        private final Session session;
        private long closedAt = -1;

        Client(String user) {
            session = graph.open(user, sink);
        }

        long after() {
            if (sink.frames("reconnect").isEmpty()) { // a loop's own thread may send it
                Awaitility.await().until(() -> !sink.frames("reconnect").isEmpty());
            }
            assertThat(sink.frames("reconnect")).hasSize(1);
            return sink.frames("reconnect").get(0).at("/data/after").asLong();
        }

        /** What its transport says once the close was answered. */
        void gone() {
            graph.sessions.gone(session, 1012);
        }
    }

    private List<Client> clients(int count) {
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clients.add(new Client("user-" + i));
        }
        return clients;
    }

    private void look(List<Client> clients, Duration passed) {
        graph.clock.advance(passed);
        drain.look();
        for (Client client : clients) {
            if (client.closedAt < 0 && client.sink.closed() != null) {
                client.closedAt = graph.clock.millis();
            }
        }
    }

    @Test
    void whoeverLooksIsToldOnceThatItHasBegun() {
        List<String> told = new ArrayList<>();
        drain.onBegin(() -> told.add(health.isEnding() ? "ending" : "not yet"));
        drain.begin();
        drain.end();
        assertThat(told).containsExactly("ending");
    }

    @Test
    void everyClientIsToldAtOnceATimeOfItsOwnAndAllAreSpreadEvenlyOverTheWindow() {
        List<Client> clients = clients(200);
        drain.begin();
        drain.look();
        List<Long> times = clients.stream().map(Client::after).sorted().toList();
        for (int i = 0; i < times.size(); i++) {
            assertThat(times.get(i)).isBetween(i * WINDOW / 200, (i + 1) * WINDOW / 200);
        }
        assertThat(times).doesNotHaveDuplicates();
        // and whose is which hangs on nothing that can be seen
        assertThat(clients.stream().map(Client::after).toList()).isNotEqualTo(times);
        assertThat(clients).allSatisfy(c -> assertThat(c.sink.closed()).isNull());
    }

    @Test
    void eachIsClosedOnceWith1012AtTheFirstLookAfterItsTime() {
        List<Client> clients = clients(200);
        drain.begin();
        drain.look();
        clients.forEach(Client::after);
        long begun = graph.clock.millis();
        int most = 0;
        for (long looks = 0; looks <= WINDOW / LOOK.toMillis(); looks++) {
            long before = clients.stream().filter(c -> c.closedAt >= 0).count();
            look(clients, LOOK);
            most = Math.max(
                    most, (int) (clients.stream().filter(c -> c.closedAt >= 0).count() - before));
        }
        assertThat(most).isBetween(2, 4);
        assertThat(clients).allSatisfy(c -> {
            assertThat(c.sink.closed()).isEqualTo(CloseCode.RESTART);
            assertThat(c.closedAt - begun - c.after()).isBetween(0L, LOOK.toMillis() - 1);
            assertThat(c.sink.faults()).isEmpty();
        });
        assertThat(graph.stats.closed(CloseCode.RESTART)).isEqualTo(200);
        assertThat(graph.sessions.count()).isZero();
    }

    @Test
    void itIsOverWhenTheLastIsGone() {
        List<Client> clients = clients(2);
        drain.begin();
        look(clients, Duration.ZERO);
        assertThat(drain.isOver()).isFalse();
        look(clients, Duration.ofSeconds(10));
        assertThat(drain.isOver()).isFalse();
        clients.get(0).gone();
        assertThat(drain.isOver()).isFalse();
        clients.get(1).gone();
        assertThat(drain.isOver()).isTrue();
    }

    @Test
    void whoGoesByItselfIsNotClosed() {
        List<Client> clients = clients(3);
        drain.begin();
        drain.look();
        clients.get(1).gone();
        look(clients, Duration.ofSeconds(10));
        assertThat(clients.get(1).sink.closed()).isNull();
        assertThat(clients.get(0).sink.closed()).isEqualTo(CloseCode.RESTART);
    }

    @Test
    void whereNobodyIsItIsOverAtOnce() {
        assertThat(drain.isOver()).isFalse();
        drain.end();
        assertThat(drain.isOver()).isTrue();
    }

    @Test
    void theNodeTakesNobodyAndSaysThatItDrainsFromTheBeginningOn() {
        assertThat(health.isReady()).isTrue();
        assertThat(drain.begin().toCompletableFuture()).isCompleted();
        assertThat(health.isEnding()).isTrue();
        assertThat(health.isReady()).isFalse();
        assertThat(nodes.list().toCompletableFuture().join())
                .singleElement()
                .extracting(Nodes.Node::draining)
                .isEqualTo(true);
    }

    @Test
    void nothingHappensBeforeItBegins() {
        List<Client> clients = clients(1);
        look(clients, Duration.ofMinutes(1));
        assertThat(clients.get(0).sink.frames("reconnect")).isEmpty();
        assertThat(clients.get(0).sink.closed()).isNull();
    }

    @Test
    void toldAgainItKeepsTheTimesThatWereTold() {
        List<Client> clients = clients(20);
        drain.begin();
        drain.look();
        clients.forEach(Client::after);
        long begun = graph.clock.millis();
        look(clients, Duration.ofSeconds(5));
        drain.begin();
        drain.end(); // the process is told to end now
        for (int i = 0; i < 50; i++) {
            look(clients, LOOK);
        }
        assertThat(clients).allSatisfy(c -> {
            assertThat(c.closedAt - begun).isBetween(c.after(), WINDOW);
            assertThat(c.sink.faults()).isEmpty();
        });
    }

    @Test
    void whoWasBeingLetInIsToldWhatIsLeftOfTheWindow() {
        drain.begin();
        graph.clock.advance(Duration.ofSeconds(8));
        drain.look();
        List<Client> late = clients(2);
        drain.look();
        assertThat(late).allSatisfy(c -> assertThat(c.after()).isBetween(0L, 2_000L));
        graph.clock.advance(Duration.ofSeconds(4));
        drain.look();
        assertThat(late).allSatisfy(c -> assertThat(c.sink.closed()).isEqualTo(CloseCode.RESTART));
        Client latest = new Client("latest");
        drain.look();
        assertThat(latest.after()).isZero();
        assertThat(latest.sink.closed()).isNull(); // what it was told goes out first
        look(List.of(latest), Duration.ofMillis(50));
        assertThat(latest.sink.closed()).isEqualTo(CloseCode.RESTART);
    }

    @Test
    void withoutAWindowAllAreToldAndThenClosedAtOnce() {
        setUp("PT0S", "PT30S");
        List<Client> clients = clients(50);
        drain.begin();
        drain.look();
        assertThat(clients).allSatisfy(c -> assertThat(c.after()).isZero());
        assertThat(clients).allSatisfy(c -> assertThat(c.sink.closed()).isNull());
        look(clients, Duration.ofMillis(50));
        assertThat(clients).allSatisfy(c -> assertThat(c.sink.closed()).isEqualTo(CloseCode.RESTART));
    }

    @Test
    void whoDoesNotTakeItsCloseIsWaitedForUntilTheDeadlineOfTheEnd() {
        setUp("PT1S", "PT3S");
        List<Client> clients = clients(2);
        drain.end();
        drain.look();
        look(clients, Duration.ofSeconds(1));
        clients.get(0).gone();
        look(clients, Duration.ofMillis(1_999));
        assertThat(drain.isOver()).isFalse();
        look(clients, Duration.ofMillis(1));
        assertThat(drain.isOver()).isTrue();
        assertThat(clients.get(1).sink.isAborted()).isTrue();
        assertThat(clients.get(0).sink.isAborted()).isFalse();
    }

    @Test
    void aDrainThatWasAskedForHasNoDeadline() {
        setUp("PT1S", "PT3S");
        List<Client> clients = clients(1);
        drain.begin();
        drain.look();
        look(clients, Duration.ofHours(1));
        drain.look();
        assertThat(clients.get(0).sink.isAborted()).isFalse();
        assertThat(drain.isOver()).isFalse();
        drain.end();
        look(clients, Duration.ofSeconds(3));
        assertThat(clients.get(0).sink.isAborted()).isTrue();
        assertThat(drain.isOver()).isTrue();
    }

    @Test
    void whoIsStillOpenAtTheDeadlineIsClosed() {
        setUp("PT3S", "PT3S");
        List<Client> clients = clients(1);
        drain.end();
        graph.clock.advance(Duration.ofSeconds(3)); // and nobody looked
        drain.look();
        assertThat(clients.get(0).sink.closed()).isEqualTo(CloseCode.RESTART);
        assertThat(drain.isOver()).isTrue();
    }
}
