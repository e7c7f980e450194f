package dev.hubbub.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.cluster.Directory;
import dev.hubbub.cluster.Directory.Connection;
import dev.hubbub.cluster.Directory.Part;
import dev.hubbub.cluster.Directory.Use;
import dev.hubbub.cluster.DirectoryContract;
import dev.hubbub.cluster.FakeLocal;
import dev.hubbub.cluster.Unavailable;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.support.RedisServer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RedisDirectoryTest extends DirectoryContract {
    private static RedisServer server;
    private final FakeLocal own = new FakeLocal();
    private final FakeLocal others = new FakeLocal();
    private DirectoryNode one;
    private DirectoryNode two;

    @BeforeAll
    static void start() {
        server = RedisServer.start();
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @BeforeEach
    void nodes() {
        server.cli("FLUSHALL");
        one = new DirectoryNode(server);
        two = new DirectoryNode(server);
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
    }

    @Override
    protected Directory directory() {
        return one.directory;
    }

    @Override
    protected void tell(Directory.Local local) {
        two.tell("two", local);
    }

    private void tellBoth() {
        one.tell("one", own);
        two.tell("two", others);
    }

    private static Use use(String room, String epoch, long seq, long connections) {
        return new Use(new RoomName(room), epoch, seq, connections);
    }

    @Test
    void aNodeThatIsNotListedItselfDoesNotSayThatSomethingIsNotThere() {
        tellBoth();
        one.nodes.end(); // as after a flush, until it tells again
        assertThatThrownBy(() -> get(one.directory.connection(new ConnectionId("c"))))
                .hasRootCauseInstanceOf(Unavailable.class);
    }

    @Test
    void whatNodesHaveIsPutTogetherInOrder() {
        own.connections.addAll(List.of(connection("a", "ann"), connection("d", "ann")));
        others.connections.addAll(List.of(connection("b", "ann"), connection("c", "ben")));
        own.uses.addAll(List.of(use("x", "e", 3, 1), use("y", "e", 1, 1)));
        others.uses.addAll(List.of(use("x", "e", 5, 2), use("z", "e", 1, 1)));
        tellBoth();
        for (DirectoryNode asked : List.of(one, two)) {
            List<Connection> all = new ArrayList<>();
            Part<Connection> part = get(asked.directory.connections(null, "", 2));
            all.addAll(part.items());
            assertThat(part.more()).isTrue();
            part = get(asked.directory.connections(null, "b", 2));
            all.addAll(part.items());
            assertThat(part).isEqualTo(new Part<>(part.items(), false, List.of()));
            assertThat(all).extracting(c -> c.conn().value()).containsExactly("a", "b", "c", "d");
            assertThat(get(asked.directory.rooms("", "", 10)).items())
                    .containsExactly(use("x", "e", 5, 3), use("y", "e", 1, 1), use("z", "e", 1, 1));
            assertThat(get(asked.directory.room(new RoomName("x"))).items()).containsExactly(use("x", "e", 5, 3));
        }
    }

    @Test
    void aQuestionCostsOneRequestAndOneForEachOtherNode() {
        tellBoth();
        long before = one.health.requests.sum() + two.health.requests.sum();
        for (int i = 0; i < 100; i++) {
            get(one.directory.connections(null, "", 10));
        }
        // beside a probe every second, and what a node says of itself every third
        assertThat(one.health.requests.sum() + two.health.requests.sum() - before)
                .isBetween(200L, 215L);
    }

    @Test
    void whatDoesNotFitOneAnswerFollowsInTheNext() {
        String room = "r".repeat(100);
        String[] rooms = Stream.generate(() -> room).limit(100).toArray(String[]::new);
        for (int i = 100; i < 200; i++) {
            (i % 3 == 0 ? own : others).connections.add(connection("c" + i, "ann", rooms));
        }
        tellBoth();
        List<String> got = new ArrayList<>();
        Part<Connection> part;
        int parts = 0;
        do {
            String after = got.isEmpty() ? "" : got.get(got.size() - 1);
            part = get(one.directory.connections(null, after, 1000));
            part.items().forEach(c -> got.add(c.conn().value()));
            parts++;
        } while (part.more());
        assertThat(got).hasSize(100).isSorted().doesNotHaveDuplicates();
        assertThat(parts).isBetween(3, 10);
    }

    @Test
    void aNodeThatDoesNotAnswerIsNamed() {
        own.connections.add(connection("a", "ann"));
        others.connections.add(connection("b", "ann"));
        tellBoth();
        two.close();
        Part<Connection> part = get(one.directory.connections(null, "", 10));
        assertThat(part).isEqualTo(new Part<>(own.connections, false, List.of("two")));
        assertThat(get(one.directory.connection(new ConnectionId("b"))))
                .isEqualTo(new Part<>(List.of(), false, List.of("two")));
        // whoever has it answers for all
        assertThat(get(one.directory.connection(new ConnectionId("a"))))
                .isEqualTo(new Part<>(own.connections, false, List.of()));
    }

    @Test
    void aNodeThatEndedIsNotWaitedFor() {
        tellBoth();
        two.nodes.end();
        two.close();
        assertThat(get(one.directory.connections(null, "", 10)).unanswered()).isEmpty();
    }

    @Test
    void whereRedisIsAwayNobodyIsAsked() {
        tellBoth();
        one.health.away();
        for (var stage : List.of(
                one.directory.connections(null, "", 1),
                one.directory.rooms("", "", 1),
                one.directory.close(new ConnectionId("x"), "y"))) {
            assertThatThrownBy(() -> stage.toCompletableFuture().get(5, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(Unavailable.class);
        }
    }

    @Test
    void garbageIsCountedAndHarmsNobody() {
        own.connections.add(connection("a", "ann"));
        tellBoth();
        long before = one.health.garbage.sum();
        String answers = Keyspace.answers(two.calls.process());
        Stream.of("q", "q 1", "q 1 p connections x\n\n", "q 1 p connections 0\n\n", "q 1 p connections 1")
                .forEach(note -> server.cli("PUBLISH", Keyspace.CALLS, note));
        Stream.of(
                        "q 1 p dance 1\n\n",
                        "q 1 p room 1\na/b\n",
                        "q 1 p connections 1\na/b\n",
                        "q 1 p rooms 9999\n\n",
                        "c ")
                .forEach(note -> server.cli("PUBLISH", Keyspace.CALLS, note));
        Awaitility.await().until(() -> one.health.garbage.sum() - before == 10);
        assertThat(two.health.garbage.sum()).isEqualTo(10);
        Stream.of("a", "a ", "zzz").forEach(note -> server.cli("PUBLISH", answers, note));
        Awaitility.await().until(() -> two.health.garbage.sum() == 13);
        assertThat(get(two.directory.connections(null, "", 1)).items()).isEqualTo(own.connections);
    }

    @Test
    void anAnswerThatCannotBeReadIsGarbage() {
        for (String garbage : List.of("", "0\na ann n 1\nb", "0\na a/b n 1", "0\na ann n x", "0\na ann n 1 r/s")) {
            assertThatThrownBy(() -> Listed.CONNECTIONS.part(garbage.getBytes(StandardCharsets.UTF_8)))
                    .as(garbage)
                    .isInstanceOf(Note.Garbage.class);
        }
    }
}
