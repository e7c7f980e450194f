package dev.hubbub.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.cluster.SanctionList;
import dev.hubbub.cluster.Sanctions;
import dev.hubbub.cluster.SanctionsContract;
import dev.hubbub.cluster.Unavailable;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.UserId;
import dev.hubbub.support.RedisServer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RedisSanctionsTest extends SanctionsContract {
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

    /** A node that looks as seldom as in production whether it missed some. */
    private RedisSanctions node() {
        return node(3_000);
    }

    /** A node that looks ten times as often. */
    private RedisSanctions watchful() {
        return node(300);
    }

    private RedisSanctions node(long everyMs) {
        DirectoryNode node = new DirectoryNode(server);
        started.add(node);
        RedisSanctions sanctions = new RedisSanctions(
                node.link,
                node.calls,
                Settings.of(Map.of("hubbub.redis", server.url(), "hubbub.limits.bans-per-room", MOST_BANS)),
                Clock.systemUTC(),
                everyMs);
        assertThatThrownBy(() -> sanctions.isRevoked(ANN, 0)).isInstanceOf(Unavailable.class);
        sanctions.begin();
        Awaitility.await().until(() -> isKnown(sanctions));
        return sanctions;
    }

    private static boolean isKnown(Sanctions sanctions) {
        try {
            return !sanctions.isRevoked(BEN, Long.MAX_VALUE);
        } catch (Unavailable e) {
            return false;
        }
    }

    @Override
    protected Sanctions sanctions() {
        return node();
    }

    @Override
    protected long now() {
        return Clock.systemUTC().millis();
    }

    /** Redis' time cannot be moved: the bans of the contract are short. */
    @Override
    protected void pass(long ms) {
        long end = System.nanoTime() + ms * 1_000_000;
        Awaitility.await().until(() -> System.nanoTime() - end >= 0);
    }

    @Test
    void everyNodeKnowsAtOnceAndOneThatStartsLaterKnowsToo() {
        RedisSanctions one = node();
        RedisSanctions two = node();
        done(one.revoke(ANN));
        done(two.ban(ROOM, BEN, 3_600_000));
        for (Sanctions node : List.of(one, two, node())) {
            Awaitility.await().until(() -> node.isRevoked(ANN, 0) && node.isBanned(ROOM, BEN));
        }
    }

    @Test
    void whatWasMissedOnTheWayIsReadBack() {
        RedisSanctions one = node();
        RedisSanctions two = node();
        server.cli("HSET", Keyspace.SANCTIONS, "u ann", Long.toString(now()), "rev", "7:x"); // said by nobody
        done(one.ban(ROOM, BEN, 3_600_000));
        Awaitility.await().until(() -> two.isRevoked(ANN, 0) && two.isBanned(ROOM, BEN));
    }

    @Test
    void aKickIsToldToEveryNodeOnceAlsoToOneThatWasNotToldAtOnce() {
        RedisSanctions one = watchful();
        List<List<String>> removals = List.of(removals(one), removals(watchful()));
        done(one.kick(ROOM, ANN));
        for (List<String> each : removals) {
            Awaitility.await().until(() -> each.equals(List.of("kicked ann from chat:a")));
        }
        server.cli("HSET", Keyspace.SANCTIONS, "k chat:a ben", Long.toString(now()), "rev", "7:x"); // said by nobody
        for (List<String> each : removals) {
            Awaitility.await().until(() -> each.equals(List.of("kicked ann from chat:a", "kicked ben from chat:a")));
        }
    }

    @Test
    void aKickIsForgottenAfterAWhile() {
        RedisSanctions one = watchful();
        String past = Long.toString(now() - SanctionList.KICK_MS);
        server.cli(
                "HSET", Keyspace.SANCTIONS, "k chat:a ben", past, "k chat:a ann", Long.toString(now()), "rev", "7:x");
        List<String> removals = removals(one);
        Awaitility.await().until(() -> removals.equals(List.of("kicked ann from chat:a")));
        assertThat(server.cli("HLEN", Keyspace.SANCTIONS)).isEqualTo("2");
    }

    @Test
    void kicksThatAreOverDoNotGather() {
        RedisSanctions one = node();
        String past = Long.toString(now() - SanctionList.KICK_MS - 1);
        server.cli("HSET", Keyspace.SANCTIONS, "k chat:a ben", past);
        server.cli("ZADD", Keyspace.KICKS, past, "k chat:a ben");
        done(one.kick(ROOM, ANN));
        assertThat(server.cli("HKEYS", Keyspace.SANCTIONS).lines()).containsExactlyInAnyOrder("rev", "k chat:a ann");
        assertThat(server.cli("ZRANGE", Keyspace.KICKS, "0", "-1")).isEqualTo("k chat:a ann");
    }

    @Test
    void aRedisThatLostThemIsToldAgain() {
        RedisSanctions one = watchful();
        done(one.revoke(ANN));
        done(one.ban(ROOM, BEN, 3_600_000));
        server.cli("FLUSHALL");
        Awaitility.await().until(() -> server.cli("HLEN", Keyspace.SANCTIONS).equals("3"));
        assertThat(one.isRevoked(ANN, 0)).isTrue();
        RedisSanctions late = node();
        assertThat(late.isRevoked(ANN, 0)).isTrue();
        assertThat(late.isBanned(ROOM, BEN)).isTrue();
    }

    @Test
    void garbageAmongThemIsNone() {
        RedisSanctions one = watchful();
        done(one.revoke(ANN));
        server.cli("HSET", Keyspace.SANCTIONS, "x", "y", "u a b", "5", "u ben", "soon");
        server.cli("PUBLISH", Keyspace.CALLS, "s 9:a 10:b 9\nwhat is this");
        server.cli("PUBLISH", Keyspace.CALLS, "s 9:a 10:b nine\nu ann");
        RedisSanctions late = node();
        assertThat(late.isRevoked(ANN, 0)).isTrue();
        assertThat(late.isRevoked(BEN, 0)).isFalse();
        assertThat(started.get(0).health.garbage.sum()).isPositive();
        server.cli("SET", Keyspace.SANCTIONS, "garbage");
        Awaitility.await().until(() -> server.cli("TYPE", Keyspace.SANCTIONS).equals("hash"));
        assertThat(one.isRevoked(ANN, 0)).isTrue();
    }

    @Test
    void whatAFailoverLostAndGaveAnewIsFoundOut() {
        RedisSanctions one = node();
        done(one.revoke(ANN));
        String before = server.cli("HGET", Keyspace.SANCTIONS, "rev");
        done(one.ban(ROOM, ANN, 3_600_000));
        // the second change is lost, and another takes its number
        server.cli("HDEL", Keyspace.SANCTIONS, "b chat:a ann");
        server.cli("HSET", Keyspace.SANCTIONS, "rev", before);
        RedisSanctions two = node();
        done(two.ban(ROOM, BEN, 3_600_000));
        for (Sanctions node : List.of(one, two)) {
            Awaitility.await().until(() -> node.isBanned(ROOM, BEN) && node.isBanned(ROOM, ANN));
        }
    }

    @Test
    void bansAreCountedOverAllNodesAlsoWhereManyComeAtOnce() {
        List<RedisSanctions> nodes = List.of(node(), node());
        List<CompletionStage<Boolean>> asked = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            asked.add(nodes.get(i % 2).ban(ROOM, new UserId("u" + i), 3_600_000));
        }
        assertThat(asked.stream().filter(each -> each.toCompletableFuture().join()))
                .hasSize(Integer.parseInt(MOST_BANS));
    }

    @Test
    void bansThatAreOverMakeRoomWhereThereAreAsManyAsCanBe() {
        RedisSanctions one = node();
        server.cli(
                "EVAL",
                "for i = 1, ARGV[1] do redis.call('HSET', KEYS[1], 'b chat:past u' .. i, '1') end",
                "1",
                Keyspace.SANCTIONS,
                Integer.toString(Sanctions.MOST));
        assertThat(bans(one, ROOM, "ann", 3_600_000)).isTrue();
        assertThat(server.cli("HLEN", Keyspace.SANCTIONS)).isEqualTo("2");
    }

    @Test
    void bansThatRedisLostCountAgainOnceItIsTold() {
        RedisSanctions one = watchful();
        for (String user : List.of("ann", "bob", "carl")) {
            assertThat(bans(one, ROOM, user, 3_600_000)).isTrue();
        }
        done(one.revoke(ANN));
        server.cli("FLUSHALL");
        Awaitility.await().until(() -> server.cli("HLEN", Keyspace.SANCTIONS).equals("5"));
        assertThat(bans(node(), ROOM, "ben", 3_600_000)).isFalse();
        assertThat(bans(node(), ROOM, "bob", 3_600_000)).isTrue();
    }

    @Test
    void whatCountsARoomsBansIsGoneWithTheLastOfThem() {
        RedisSanctions one = node();
        String key = Keyspace.bans(ROOM);
        server.cli("SET", key, "garbage");
        assertThat(bans(one, ROOM, "ann", 3_600_000)).isTrue();
        assertThat(bans(one, ROOM, "bob", 60_000)).isTrue();
        assertThat(Long.parseLong(server.cli("PTTL", key))).isBetween(3_500_000L, 3_600_000L);
        assertThat(bans(one, ROOM, "ann", 0)).isTrue();
        assertThat(bans(one, ROOM, "bob", 300)).isTrue();
        Awaitility.await().until(() -> server.cli("EXISTS", key).equals("0"));
    }
}
