package dev.hubbub.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.cluster.Unavailable;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.Member;
import dev.hubbub.protocol.Raw;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import dev.hubbub.support.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several nodes on one Redis, that die, lose their lease, or lose Redis. */
class RedisNodesTest {
    private static final Duration GRACE = Duration.ofSeconds(15);

    private static RedisServer server;
    private final RoomName room = new RoomName("nodes:" + UUID.randomUUID());
    private RedisNode one;
    private RedisNode two;

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
        server.cli("CONFIG", "SET", "slowlog-log-slower-than", "50000");
        server.cli("SLOWLOG", "RESET");
        one = RedisNode.quick(server);
        two = RedisNode.quick(server);
        one.attach(room);
        two.attach(room);
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
    }

    private void pass(Duration time) {
        PassingTime.in(server, time);
        one.pass(time);
        two.pass(time);
    }

    private static void enter(RedisNode node, RoomName room, String... users) {
        for (String user : users) {
            RedisNode.get(node.enter(room, user, 1, null));
        }
    }

    private static void awaitHeard(RedisNode node, String... what) {
        Awaitility.await().untilAsserted(() -> assertThat(node.heard()).containsExactly(what));
    }

    private void awaitListed(RedisNode node, String... what) {
        Awaitility.await().untilAsserted(() -> assertThat(node.listed(room)).containsExactly(what));
    }

    @Test
    void everyNodeHearsEachChangeOnce() {
        enter(one, room, "ann");
        enter(two, room, "ben");
        RedisNode.get(one.enter(room, "ann", 2, Raw.json("{\"a\": 1}")));
        one.leave(room, "ann", 1, false);
        one.leave(room, "ann", 2, false);
        two.leave(room, "ben", 1, true);
        one.settle();
        two.settle();
        pass(GRACE);
        String[] all = {"JOINED ann", "JOINED ben", "UPDATED ann", "LEFT ben", "LEFT ann"};
        awaitHeard(one, all);
        awaitHeard(two, all);
        assertThat(one.revs()).containsExactly(1L, 2L, 3L, 4L, 5L).isEqualTo(two.revs());
    }

    @Test
    void whoComesBackOnAnotherNodeWithinTheGraceIsNotSeen() {
        enter(one, room, "ann");
        one.leave(room, "ann", 1, false);
        one.settle();
        RedisNode.get(two.enter(room, "ann", 2, null));
        pass(GRACE.multipliedBy(2));
        assertThat(two.listed(room)).containsExactly("ann 1");
        awaitHeard(one, "JOINED ann");
        awaitHeard(two, "JOINED ann");
    }

    @Test
    void membersOfADeadNodeLeaveOnceWithinTheirGrace() {
        enter(two, room, "ann", "ben", "cid");
        RedisNode.get(one.enter(room, "cid", 2, null));
        String dead = two.incarnation();
        two.close();
        awaitListed(one, "ann 0", "ben 0", "cid 1");
        PassingTime.in(server, GRACE);
        one.pass(GRACE);
        awaitHeard(one, "JOINED ann", "JOINED ben", "JOINED cid", "LEFT ann", "LEFT ben");
        // swept once more, and nothing is left of it
        Awaitility.await()
                .until(() -> server.cli("EXISTS", Keyspace.held(dead), Keyspace.SWEPT, Keyspace.DEAD)
                        .equals("0"));
        assertThat(server.cli("ZSCORE", Keyspace.LEASES, dead)).isEmpty();
        assertThat(server.cli("EXISTS", Keyspace.conns(room, dead))).isEqualTo("0");
        assertThat(one.heard()).hasSize(5);
        assertThat(one.revs()).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void aDepartureOutlivesTheNodeThatWasToSeeToIt() {
        RoomName quiet = new RoomName("quiet:" + UUID.randomUUID()); // where nobody else is
        enter(two, quiet, "ann");
        two.leave(quiet, "ann", 1, false);
        two.settle();
        two.close();
        Awaitility.await().until(() -> one.store().departures().count() == 1);
        PassingTime.in(server, GRACE);
        one.pass(GRACE);
        Awaitility.await()
                .until(() -> server.cli("EXISTS", Keyspace.users(quiet)).equals("0"));
        Awaitility.await()
                .until(() -> server.cli("SISMEMBER", Keyspace.held(one.incarnation()), quiet.value())
                        .equals("0"));
    }

    @Test
    void aNodeThatEndsInOrderIsSweptUpAtOnce() {
        enter(two, room, "ann", "ben");
        two.leave(room, "ann", 1, false);
        two.store().close();
        assertThat(server.cli("ZSCORE", Keyspace.LEASES, two.incarnation())).isEmpty();
        awaitListed(one, "ann 0", "ben 0");
    }

    @Test
    void afterAFlushEverybodyIsStatedAgain() {
        RedisNode.get(one.enter(room, "ann", 1, Raw.json("{\"a\": [1.0, \"ü\"]}")));
        RedisNode.get(two.enter(room, "ann", 2, null));
        enter(two, room, "ben");
        RedisNode.get(two.store().update(room, new UserId("ben"), Raw.json("{\"b\":2}")));
        Awaitility.await().until(() -> one.heard().size() == 3);
        List<Member> before = one.members(room);
        server.cli("FLUSHALL");
        Awaitility.await().untilAsserted(() -> assertThat(one.members(room)).isEqualTo(before));
        assertThat(before).extracting(Member::conns).containsExactly(2, 1);
        two.leave(room, "ben", 1, true);
        awaitListed(one, "ann 2");
    }

    @Test
    void afterAFlushOfOneRoomItsMembersAreStatedAgain() {
        enter(one, room, "ann", "ben");
        server.cli("DEL", Keyspace.users(room), Keyspace.names(room), Keyspace.conns(room, one.incarnation()));
        awaitListed(one, "ann 1", "ben 1");
    }

    @Test
    void aNodeWhoseLeaseLapsedTakesAnotherIncarnationUnseen() {
        enter(one, room, "ann", "ben");
        String before = one.incarnation();
        server.cli("ZADD", Keyspace.LEASES, "XX", "1", before);
        Awaitility.await().until(() -> !one.incarnation().equals(before));
        Awaitility.await()
                .until(() -> server.cli("SMEMBERS", Keyspace.nodes(room)).equals(one.incarnation()));
        awaitListed(two, "ann 1", "ben 1");
        // the former one is swept twice
        Awaitility.await()
                .until(() -> server.cli("EXISTS", Keyspace.held(before), Keyspace.SWEPT, Keyspace.DEAD)
                        .equals("0"));
        pass(GRACE.multipliedBy(2));
        assertThat(two.listed(room)).containsExactly("ann 1", "ben 1");
        awaitHeard(two, "JOINED ann", "JOINED ben");
        one.leave(room, "ann", 1, true);
        awaitListed(two, "ben 1");
    }

    @Test
    void whoIsListedUnderNoLeaseIsEvictedByAnAudit() {
        enter(one, room, "ann");
        try (RedisNode three = new RedisNode(server)) {
            enter(three, room, "ben");
            server.cli("ZREM", Keyspace.LEASES, three.incarnation());
            server.cli("DEL", Keyspace.held(three.incarnation()));
            awaitListed(one, "ann 1", "ben 0");
        }
    }

    @Test
    void aConnectionThatRedisListsAndTheNodeHasNotIsTakenOff() {
        enter(one, room, "ann");
        PresenceScripts scripts = one.store().scripts();
        var ghost = new PresenceScripts.Entry(
                new ConnectionId("ghost"), new UserId("ann"), null, -1, Member.NO_STATUS, null);
        RedisNode.get(scripts.enter(room, one.incarnation(), one.incarnation(), ghost));
        awaitListed(two, "ann 1");
        assertThat(server.cli("HKEYS", Keyspace.conns(room, one.incarnation()))).isEqualTo("ann-1");
    }

    @Test
    void whatIsRunTwiceIsDoneOnce() {
        PresenceScripts scripts = one.store().scripts();
        enter(one, room, "ann");
        String inc = one.incarnation();
        one.leave(room, "ann", 1, true);
        one.settle();
        RedisNode.get(scripts.leave(room, inc, new ConnectionId("ann-1"), true));
        RedisNode.get(scripts.evict(room, inc));
        RedisNode.get(scripts.evict(room, inc));
        RedisNode.get(scripts.depart(room));
        enter(one, room, "ben");
        awaitHeard(two, "JOINED ann", "LEFT ann", "JOINED ben");
    }

    @Test
    void garbageHarmsNobody() {
        String channel = Keyspace.channel(room);
        Stream.of(
                        "garbage",
                        "p",
                        "p ",
                        "p e 1 1 1 joined 0",
                        "p e 1 1 1 joined 0 ann",
                        "p e 1 1 1 joined 0 ann\n{\"conns\":1",
                        "p e 1 1 1 joined 0 a/b\n{\"conns\":1,\"since\":1,\"name\":null,\"status\":{}}",
                        "p e 1 1 1 danced 0 ann\n{\"conns\":1,\"since\":1,\"name\":null,\"status\":{}}",
                        "p e -1 1 1 joined 0 ann\n{\"conns\":1,\"since\":1,\"name\":null,\"status\":{}}",
                        "p e 0 1 1 joined 0 ann\n{\"conns\":1,\"since\":1,\"name\":null,\"status\":{}}",
                        "p e 1 1 9999999999 joined 0 ann\n{\"conns\":1,\"since\":1,\"name\":null,\"status\":{}}",
                        "l",
                        "l x y",
                        "l 1")
                .forEach(note -> server.cli("PUBLISH", channel, note));
        enter(one, room, "ann");
        awaitHeard(two, "JOINED ann");
        assertThat(two.health().garbage.sum()).isEqualTo(14);
    }

    @Test
    void afterRedisDiedEverybodyIsStatedAgainButThoseWhoLeftMeanwhile() {
        enter(one, room, "ann", "ben");
        enter(two, room, "cid");
        server.kill();
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> !one.link().isHere() && !two.link().isHere());
        one.leave(room, "ben", 1, false);
        assertThatThrownBy(() ->
                        one.enter(room, "dan", 1, null).toCompletableFuture().get(5, TimeUnit.SECONDS))
                .hasCauseInstanceOf(Unavailable.class);
        one.leave(room, "dan", 1, true);
        assertThatThrownBy(() -> one.quotas().take("q", 1)).isInstanceOf(Unavailable.class);
        assertThatThrownBy(() -> new RedisTickets(one.link()).issue("ann")).isInstanceOf(Unavailable.class);
        server.restart();
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> one.link().isHere() && two.link().isHere());
        awaitListed(one, "ann 1", "cid 1");
        awaitListed(two, "ann 1", "cid 1");
    }

    @Test
    void tenThousandMembersNeverHoldRedisUp() {
        List<String> users = IntStream.range(0, 10_000)
                .mapToObj(i -> String.format("user-%05d", i))
                .toList();
        RedisNode.get(Abreast.each(
                two.link(),
                users,
                200,
                user -> two.enter(room, user, 1, Raw.json("{\"s\":\"" + "x".repeat(200) + "\"}"))
                        .toCompletableFuture()));
        List<String> listed = new ArrayList<>();
        UserId after = null;
        do {
            var page = RedisNode.get(one.store().list(room, after, 1000));
            page.members().forEach(m -> listed.add(m.user().value()));
            after = page.next();
        } while (after != null);
        assertThat(listed).isEqualTo(users);
        String dead = two.incarnation();
        two.close();
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> server.cli("ZCARD", Keyspace.leaving(room)).equals("10000"));
        assertThat(server.cli("EXISTS", Keyspace.conns(room, dead))).isEqualTo("0");
        PassingTime.in(server, GRACE);
        one.pass(GRACE);
        Awaitility.await().until(() -> one.heard().size() == 20_000);
        assertThat(one.heard().stream().filter(h -> h.startsWith("LEFT ")).collect(Collectors.toSet()))
                .isEqualTo(users.stream().map(u -> "LEFT " + u).collect(Collectors.toSet()));
        // PassingTime alone may be slow
        assertThat(slow()).isEmpty();
    }

    private static Set<String> slow() {
        return Stream.of(server.cli("SLOWLOG", "GET", "100").split("\n"))
                .filter(line -> line.startsWith("EVALSHA") || line.contains("evalsha"))
                .collect(Collectors.toSet());
    }
}
