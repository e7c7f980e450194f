package dev.hubbub.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.cluster.SanctionList;
import dev.hubbub.cluster.Sanctions;
import dev.hubbub.cluster.SanctionsContract;
import dev.hubbub.cluster.Unavailable;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import dev.hubbub.support.RedisServer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RedisSanctionsTest extends SanctionsContract {
    private static final int STEP = 50_000;

    /** How often a node looks whether it missed some, in ms, as in production. */
    private static final long EVERY_MS = 3_000;

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

    private RedisSanctions started(DirectoryNode node, long everyMs) {
        started.add(node);
        return new RedisSanctions(
                node.link,
                node.calls,
                Settings.of(Map.of("hubbub.redis", server.url(), "hubbub.limits.bans-per-room", MOST_BANS)),
                Clock.systemUTC(),
                everyMs);
    }

    /** A node that looks as seldom as in production whether it missed some. */
    private RedisSanctions node() {
        return node(EVERY_MS);
    }

    /** A node that looks ten times as often. */
    private RedisSanctions watchful() {
        return node(EVERY_MS / 10);
    }

    private RedisSanctions node(long everyMs) {
        RedisSanctions sanctions = started(new DirectoryNode(server), everyMs);
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
    void whatIsSetRightAfterALossDoesNotHideIt() {
        RedisSanctions one = node();
        done(one.revoke(ANN));
        // as of a node that knew nothing, in the place of what was lost
        server.cli(
                "EVAL",
                "redis.call('DEL', KEYS[1]) redis.call('HSET', KEYS[1], 'rev', '1:x')",
                "1",
                Keyspace.SANCTIONS);
        done(one.ban(ROOM, BEN, 3_600_000));
        assertThat(one.isRevoked(ANN, 0)).isTrue();
        assertThat(one.isBanned(ROOM, BEN)).isTrue();
        assertThat(kept()).isEqualTo(3);
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

    /** Puts bans of a room there that nobody set, some at a time so that Redis does not stand still. */
    private static void fill(String room, int count, long until) {
        for (int from = 1; from <= count; from += STEP) {
            server.cli(
                    "EVAL",
                    "for i = ARGV[1], ARGV[2] do redis.call('HSET', KEYS[1], ARGV[3] .. i, ARGV[4]) end",
                    "1",
                    Keyspace.SANCTIONS,
                    Integer.toString(from),
                    Integer.toString(Math.min(count, from + STEP - 1)),
                    "b " + room + " u",
                    Long.toString(until));
        }
    }

    private static long kept() {
        return Long.parseLong(server.cli("HLEN", Keyspace.SANCTIONS));
    }

    private long requests() {
        return started.get(started.size() - 1).health.requests.sum();
    }

    @Test
    void bansThatAreOverMakeRoomWhereThereAreAsManyAsCanBe() {
        RedisSanctions one = node();
        fill("chat:past", Sanctions.MOST, 1);
        assertThat(bans(one, ROOM, "ann", 3_600_000)).isTrue();
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> kept() == 2);
    }

    @Test
    void noStepOfLookingForThoseThatAreOverTakesMany() {
        node();
        fill("chat:past", 20_000, 1);
        RedisLink link = started.get(0).link;
        Script purge = Script.of("sanction-page", "sanction-purge");
        List<Object> reply =
                PresenceNode.get(link.run(purge, List.of(Keyspace.SANCTIONS), "0", SanctionReading.PAGE, 1, 1));
        long over = Long.parseLong(RedisLink.text(reply.get(1)));
        assertThat(over).isBetween(1L, 2L * SanctionReading.PAGE);
        assertThat(kept()).isEqualTo(20_000 - over);
        long before = requests();
        assertThat(PresenceNode.get(new SanctionPurge(link, Clock.systemUTC(), 1).makeRoom()))
                .isTrue();
        Awaitility.await().until(() -> kept() == 0);
        assertThat(requests() - before).isGreaterThan(9);
    }

    @Test
    void whereNoneIsOverThereIsNoRoomAndNobodyLooksAgainAtOnce() {
        node();
        fill("chat:a", 10, now() + 3_600_000);
        SanctionPurge purge = new SanctionPurge(started.get(0).link, Clock.systemUTC(), 1);
        assertThat(PresenceNode.get(purge.makeRoom())).isFalse();
        fill("chat:past", 10, 1);
        assertThat(PresenceNode.get(purge.makeRoom())).isFalse();
        assertThat(kept()).isEqualTo(20);
    }

    @Test
    void manyAreReadPageByPageAndWhatIsSetMeanwhileIsKnownToo() {
        RedisSanctions one = node();
        int many = 20_000;
        fill("chat:many", many, now() + 3_600_000);
        server.cli("HSET", Keyspace.SANCTIONS, "rev", "7:x");
        RedisSanctions two = started(new DirectoryNode(server), EVERY_MS);
        two.begin();
        for (int i = 0; i < 50; i++) {
            done(one.ban(new RoomName("chat:b" + i), BEN, 3_600_000));
        }
        RoomName room = new RoomName("chat:many");
        for (Sanctions node : List.of(one, two)) {
            Awaitility.await().until(() -> isKnown(node) && node.isBanned(new RoomName("chat:b49"), BEN));
            assertThat(IntStream.rangeClosed(1, many)).allMatch(i -> node.isBanned(room, new UserId("u" + i)));
            assertThat(IntStream.range(0, 50)).allMatch(i -> node.isBanned(new RoomName("chat:b" + i), BEN));
        }
        assertThat(requests()).isGreaterThan(many / SanctionReading.PAGE / 2);
    }

    @Test
    void manyThatRedisLostAreToldAgainStepByStepAndCountWhenAllAreThere() {
        RedisSanctions one = node();
        int many = 2_300;
        fill("chat:many", many, now() + 3_600_000);
        server.cli("HSET", Keyspace.SANCTIONS, "rev", "7:x");
        UserId last = new UserId("u" + many);
        Awaitility.await().until(() -> one.isBanned(new RoomName("chat:many"), last));
        long before = requests();
        server.cli("FLUSHALL");
        Awaitility.await()
                .until(() -> server.cli("HGET", Keyspace.SANCTIONS, "rev").startsWith("8:"));
        assertThat(kept()).isEqualTo(many + 1);
        assertThat(server.cli("ZCARD", Keyspace.bans(new RoomName("chat:many"))))
                .isEqualTo(Integer.toString(many));
        assertThat(requests() - before).isGreaterThan(5);
    }

    /** A node dies half way through: what it has told is there, and those who know more do not take that for all. */
    @Test
    void whatIsToldAgainByHalfIsNothingNew() {
        RedisSanctions one = node();
        done(one.revoke(ANN));
        String rev = server.cli("HGET", Keyspace.SANCTIONS, "rev");
        List<String> keys = List.of(Keyspace.SANCTIONS, Keyspace.bans(ROOM));
        String until = Long.toString(now() + 3_600_000);
        PresenceNode.get(
                started.get(0).link.run(Script.of("sanction-restate"), keys, SanctionList.ban(ROOM, BEN), until));
        assertThat(server.cli("HGET", Keyspace.SANCTIONS, "rev")).isEqualTo(rev);
        server.cli("HDEL", Keyspace.SANCTIONS, "rev", SanctionList.revocation(ANN));
        Awaitility.await().until(() -> one.isBanned(ROOM, BEN));
        assertThat(one.isRevoked(ANN, 0)).isTrue();
        assertThat(kept()).isEqualTo(3);
    }

    @Test
    void bansOfARoomThatAreOverGoSomeAtATimeAndDoNotCount() {
        RedisSanctions one = node();
        fill("chat:a", 250, 1);
        server.cli(
                "EVAL",
                "for i = 1, 250 do redis.call('ZADD', KEYS[1], '1', 'b chat:a u' .. i) end",
                "1",
                Keyspace.bans(ROOM));
        for (int left : List.of(150, 50, 0)) {
            assertThat(bans(one, ROOM, "ann", 3_600_000)).isTrue();
            assertThat(server.cli("ZCARD", Keyspace.bans(ROOM))).isEqualTo(Integer.toString(left + 1));
            assertThat(kept()).isLessThanOrEqualTo(left + 2);
        }
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
