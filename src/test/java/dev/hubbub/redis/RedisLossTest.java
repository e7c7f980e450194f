package dev.hubbub.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.cluster.Unavailable;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.Member;
import dev.hubbub.protocol.Raw;
import dev.hubbub.protocol.UserId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Nodes that lose their lease, or what Redis had of them, or Redis. */
class RedisLossTest extends TwoNodes {
    @Test
    void afterAFlushEverybodyIsStatedAgain() {
        PresenceNode.get(one.enter(room, "ann", 1, Raw.json("{\"a\": [1.0, \"ü\"]}")));
        PresenceNode.get(two.enter(room, "ann", 2, null));
        enter(two, room, "ben");
        PresenceNode.get(two.store().update(room, new UserId("ben"), Raw.json("{\"b\":2}")));
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
    void whatIsNotHubbubsUnderARoomsKeysIsReplaced() {
        enter(one, room, "ann", "ben");
        PresenceNode.get(one.enter(room, "ann", 2, null));
        server.cli("SET", Keyspace.names(room), "garbage");
        server.cli("SET", Keyspace.leaving(room), "garbage");
        server.cli("HSET", Keyspace.users(room), "ann", "garbage");
        awaitListed(two, "ann 2", "ben 1");
        server.cli("SET", Keyspace.users(room), "garbage");
        server.cli("SET", Keyspace.nodes(room), "garbage");
        server.cli("SET", Keyspace.head(room), "garbage");
        awaitListed(two, "ann 2", "ben 1");
    }

    @Test
    void revisionsGoOnBehindThoseThatWereLostWithAHoleBeforeThem() {
        enter(one, room, "ann", "ben", "cid");
        Awaitility.await().until(() -> two.revs().size() == 3);
        server.cli("FLUSHALL");
        Awaitility.await().until(() -> two.revs().size() == 6);
        assertThat(two.revs()).containsExactly(1L, 2L, 3L, 5L, 6L, 7L);
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
        try (PresenceNode three = new PresenceNode(server)) {
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
                new ConnectionId("ghost"), new UserId("ann"), null, -1, Member.NO_STATUS, null, 0);
        PresenceNode.get(scripts.enter(room, one.incarnation(), one.incarnation(), ghost));
        awaitListed(two, "ann 1");
        assertThat(server.cli("HKEYS", Keyspace.conns(room, one.incarnation()))).isEqualTo("ann-1");
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
}
