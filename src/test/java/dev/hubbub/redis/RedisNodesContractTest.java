package dev.hubbub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.cluster.Nodes;
import dev.hubbub.cluster.NodesContract;
import dev.hubbub.protocol.UserId;
import dev.hubbub.support.RedisServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RedisNodesContractTest extends NodesContract {
    private static final Nodes.Node ONE = new Nodes.Node("one", 1, 2, false);
    private static final Nodes.Node TWO = new Nodes.Node("two", 3, 4, false);
    private static RedisServer server;
    private final List<DirectoryNode> started = new ArrayList<>();

    @BeforeAll
    static void start() {
        server = RedisServer.start();
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @BeforeEach
    void forget() {
        server.cli("FLUSHALL");
    }

    @AfterEach
    void close() {
        started.forEach(DirectoryNode::close);
    }

    private DirectoryNode node() {
        DirectoryNode node = new DirectoryNode(server);
        started.add(node);
        return node;
    }

    @Override
    protected Nodes nodes() {
        return node().nodes;
    }

    @Test
    void everyNodeListsAllAndEndsTheConnectionsOfAUser() {
        RedisNodes one = node().nodes;
        RedisNodes two = node().nodes;
        List<String> ended = new CopyOnWriteArrayList<>();
        one.onDisconnect((user, reason) -> ended.add("one " + user));
        two.onDisconnect((user, reason) -> ended.add("two " + user));
        two.tell(() -> TWO);
        one.tell(() -> ONE);
        awaitListed(one, ONE, TWO);
        awaitListed(two, ONE, TWO);
        get(one.drain());
        assertThat(get(two.list())).containsExactly(ONE.asDraining(), TWO);
        get(two.disconnect(new UserId("ann"), "x"));
        Awaitility.await().untilAsserted(() -> assertThat(ended).containsExactlyInAnyOrder("one ann", "two ann"));
    }

    @Test
    void aNodeIsDrainedByAnyOtherAndNoOtherIs() {
        RedisNodes one = node().nodes;
        RedisNodes two = node().nodes;
        List<String> drained = new CopyOnWriteArrayList<>();
        one.onDrain(() -> drained.add("one"));
        two.onDrain(() -> drained.add("two"));
        one.tell(() -> ONE);
        two.tell(() -> TWO);
        awaitListed(one, ONE, TWO);
        assertThat(get(one.drain("two"))).isTrue();
        assertThat(get(one.list())).containsExactly(ONE, TWO.asDraining());
        assertThat(get(two.list())).containsExactly(ONE, TWO.asDraining());
        Awaitility.await().until(() -> !drained.isEmpty());
        two.tell(() -> TWO); // which does not take it back
        assertThat(get(two.drain("two"))).isTrue();
        assertThat(get(one.list())).containsExactly(ONE, TWO.asDraining());
        assertThat(drained).containsExactly("two");
    }

    @Test
    void aNodeThatDidNotHearThatItIsToDrainFindsOutByItself() {
        DirectoryNode one = node();
        List<String> drained = new CopyOnWriteArrayList<>();
        one.nodes.onDrain(() -> drained.add("one"));
        one.nodes.tell(() -> ONE);
        awaitListed(one.nodes, ONE);
        String told = server.cli("HGET", Keyspace.NODES, one.calls.process());
        assertThat(told).endsWith(" one 1 2 0");
        server.cli("HSET", Keyspace.NODES, one.calls.process(), told.replaceAll("0$", "1"));
        Awaitility.await().until(() -> !drained.isEmpty());
        assertThat(get(one.nodes.list())).containsExactly(ONE.asDraining());
    }

    @Test
    void aNodeThatDrainsSaysSoAgainWhereRedisLostIt() {
        RedisNodes one = node().nodes;
        List<String> drained = new CopyOnWriteArrayList<>();
        one.onDrain(() -> drained.add("one"));
        one.tell(() -> ONE);
        awaitListed(one, ONE);
        assertThat(get(one.drain("one"))).isTrue();
        Awaitility.await().until(() -> !drained.isEmpty());
        server.cli("FLUSHALL");
        awaitListed(one, ONE.asDraining());
    }

    @Test
    void aSilentNodeCannotBeDrained() {
        RedisNodes one = node().nodes;
        one.tell(() -> ONE);
        awaitListed(one, ONE);
        server.cli("HSET", Keyspace.NODES, "silent", "1780000000000 silent 0 0 0", "garbage", "garbage");
        assertThat(get(one.drain("silent"))).isFalse();
        assertThat(get(one.drain("garbage"))).isFalse();
    }

    @Test
    void aNodeThatEndedInOrderIsNotListedAndDoesNotComeBack() {
        RedisNodes one = node().nodes;
        RedisNodes two = node().nodes;
        one.tell(() -> ONE);
        two.tell(() -> TWO);
        awaitListed(one, ONE, TWO);
        for (int i = 0; i < 20; i++) {
            var unused = two.drain(); // still on their way when it ends
        }
        two.end();
        assertThat(get(one.list())).containsExactly(ONE);
        get(two.drain());
        assertThat(get(one.list())).containsExactly(ONE);
    }

    @Test
    void aSilentNodeIsForgotten() {
        RedisNodes one = node().nodes;
        one.tell(() -> ONE);
        awaitListed(one, ONE);
        server.cli("HSET", Keyspace.NODES, "silent", "1780000000000 silent 0 0 0");
        assertThat(get(one.list())).containsExactly(ONE);
        assertThat(server.cli("HLEN", Keyspace.NODES)).isEqualTo("1");
    }

    @Test
    void garbageIsCountedAndHarmsNobody() {
        DirectoryNode one = node();
        one.nodes.tell(() -> ONE);
        awaitListed(one.nodes, ONE);
        String good = "99999999999999 ";
        server.cli("HSET", Keyspace.NODES, "a", good + "name", "b", good + "name x 1 0", "c", good, "d", "garbage");
        assertThat(get(one.nodes.list())).containsExactly(ONE);
        assertThat(one.health.garbage.sum()).isEqualTo(3); // what has no time is taken for old
        Stream.of("", "garbage", "x ann", "d a/b\nreason", "d ", "n ")
                .forEach(n -> server.cli("PUBLISH", Keyspace.CALLS, n));
        Awaitility.await().until(() -> one.health.garbage.sum() == 9);
        server.cli("DEL", Keyspace.NODES);
        server.cli("SET", Keyspace.NODES, "garbage");
        assertThat(get(one.nodes.list())).isEmpty();
        get(one.nodes.drain());
        assertThat(get(one.nodes.list())).containsExactly(ONE.asDraining());
    }
}
