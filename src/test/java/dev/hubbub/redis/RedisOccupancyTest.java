package dev.hubbub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.cluster.Occupancy;
import dev.hubbub.cluster.OccupancyContract;
import dev.hubbub.support.RedisServer;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisOccupancyTest extends OccupancyContract {
    @RegisterExtension
    static final NodeOnRedis REDIS = new NodeOnRedis(PresenceNode::quick);

    private RedisServer server;
    private PresenceNode node;

    @BeforeEach
    void start() {
        server = REDIS.server();
        node = REDIS.node();
    }

    @Override
    protected Occupancy occupancy() {
        return REDIS.node().occupancy();
    }

    private String mark() {
        return server.cli("HGET", Keyspace.occupancy(room), "!");
    }

    private boolean holds(PresenceNode who) {
        return server.cli("SISMEMBER", Keyspace.held(who.incarnation()), Keyspace.OCCUPIED + room)
                .equals("1");
    }

    @Test
    void onlyTheFirstOfAllNodesOccupiesAndOnlyTheLastVacates() throws Exception {
        Told others = new Told();
        try (PresenceNode other = PresenceNode.quick(server)) {
            other.occupancy().listen(others);
            occupancy().occupy(room);
            settle(occupancy());
            other.occupancy().occupy(room);
            settle(other.occupancy());
            occupancy().vacate(room);
            settle(occupancy());
            assertThat(others.of(room)).isEmpty();
            other.occupancy().vacate(room);
            settle(other.occupancy());
            assertThat(told.of(room)).containsExactly("true");
            assertThat(others.of(room)).containsExactly("false");
        }
    }

    @Test
    void ofADeadNodeItIsToldOnceByWhoeverSweeps() throws Exception {
        PresenceNode other = PresenceNode.quick(server);
        other.occupancy().occupy(room);
        settle(other.occupancy());
        String held = Keyspace.held(other.incarnation());
        other.close();
        Awaitility.await().until(() -> told.of(room).equals(List.of("false")));
        Awaitility.await("swept once more")
                .atMost(Duration.ofSeconds(20))
                .until(() -> server.cli("EXISTS", held).equals("0"));
        assertThat(told.of(room)).containsExactly("false");
    }

    @Test
    void aNodeThatDiedAmongOthersVacatesNothing() throws Exception {
        PresenceNode other = PresenceNode.quick(server);
        other.occupancy().occupy(room);
        settle(other.occupancy());
        occupancy().occupy(room);
        settle(occupancy());
        String dead = other.incarnation();
        other.close();
        Awaitility.await()
                .until(() ->
                        server.cli("HEXISTS", Keyspace.occupancy(room), dead).equals("0"));
        assertThat(told.of(room)).isEmpty();
        occupancy().vacate(room);
        settle(occupancy());
        assertThat(told.of(room)).containsExactly("false");
    }

    @Test
    void whatASweeperDiedOfTellingTheNextTellsByTheSameId() throws Exception {
        occupancy().occupy(room);
        settle(occupancy());
        String incarnation = node.incarnation();
        List<Object> first = PresenceNode.get(node.link()
                .run(Script.of("vacate"), List.of(Keyspace.occupancy(room)), incarnation, incarnation + "." + room));
        assertThat(RedisLink.text(first.get(0))).isEqualTo("1");
        PresenceNode.get(node.occupancy().evict(room, incarnation));
        assertThat(told.of(room)).containsExactly("true", "false");
        PresenceNode.get(node.occupancy().evict(room, incarnation));
        assertThat(told.of(room)).containsExactly("true", "false");
        occupancy().vacate(room);
        settle(occupancy());
    }

    @Test
    void aCommandThatIsRepeatedTellsTheSame() {
        List<String> keys = List.of(Keyspace.occupancy(room));
        for (String script : List.of("occupy", "vacate")) {
            List<Object> first = PresenceNode.get(node.link().run(Script.of(script), keys, "someone", "id-" + script));
            List<Object> again = PresenceNode.get(node.link().run(Script.of(script), keys, "someone", "id-" + script));
            assertThat(RedisLink.text(first.get(0))).isEqualTo("1");
            assertThat(again.stream().map(RedisLink::text))
                    .isEqualTo(first.stream().map(RedisLink::text).toList());
        }
    }

    @Test
    void aRoomStaysOccupiedOverAFlushAndANewIncarnation() throws Exception {
        occupancy().occupy(room);
        settle(occupancy());
        String before = node.incarnation();
        server.cli("FLUSHALL");
        Awaitility.await()
                .until(() -> !node.incarnation().equals(before)
                        && server.cli("HEXISTS", Keyspace.occupancy(room), node.incarnation())
                                .equals("1"));
        assertThat(told.of(room)).containsExactly("true");
        Awaitility.await().until(() -> holds(node));
        occupancy().vacate(room);
        settle(occupancy());
        assertThat(told.of(room)).containsExactly("true", "false");
    }

    @Test
    void aNodeThatWasSweptAndGoesOnOccupiesItsRoomsAgain() throws Exception {
        occupancy().occupy(room);
        settle(occupancy());
        String before = node.incarnation();
        server.cli("ZADD", Keyspace.LEASES, "1", before); // as if it had stood still for long
        // whether the sweeper or its own return comes first, what is told ends with what is so
        Awaitility.await()
                .until(() -> !node.incarnation().equals(before) && !listed(before) && listed(node.incarnation()));
        settle(occupancy());
        assertThat(told.of(room)).isIn(List.of("true"), List.of("true", "false", "true"));
        occupancy().vacate(room);
        settle(occupancy());
        assertThat(told.of(room)).endsWith("true", "false");
    }

    private boolean listed(String incarnation) {
        return server.cli("HEXISTS", Keyspace.occupancy(room), incarnation).equals("1");
    }

    @Test
    void nothingIsHeldOfARoomThatIsVacated() throws Exception {
        occupancy().occupy(room);
        settle(occupancy());
        assertThat(holds(node)).isTrue();
        occupancy().vacate(room);
        settle(occupancy());
        Awaitility.await().until(() -> !holds(node));
        assertThat(node.occupancy().isKnown(room)).isFalse();
        assertThat(mark()).startsWith("v");
        assertThat(Long.parseLong(server.cli("TTL", Keyspace.occupancy(room)))).isBetween(500L, 600L);
    }

    @Test
    void whatFailsWhileRedisIsAwayIsDoneLater() throws Exception {
        RedisServer own = RedisServer.start();
        try (PresenceNode lonely = PresenceNode.quick(own)) {
            lonely.occupancy().listen(told);
            own.kill();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> !lonely.link().isHere());
            lonely.occupancy().occupy(room);
            settle(lonely.occupancy());
            assertThat(told.of(room)).isEmpty();
            own.restart();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> told.of(room).equals(List.of("true")));
        } finally {
            own.close();
        }
    }
}
