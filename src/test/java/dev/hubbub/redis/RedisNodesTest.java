package dev.hubbub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.Raw;
import dev.hubbub.protocol.RoomName;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Several nodes on one Redis, that hear of each other, and die. */
class RedisNodesTest extends TwoNodes {
    @Test
    void everyNodeHearsEachChangeOnce() {
        enter(one, room, "ann");
        enter(two, room, "ben");
        PresenceNode.get(one.enter(room, "ann", 2, Raw.json("{\"a\": 1}")));
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
        PresenceNode.get(two.enter(room, "ann", 2, null));
        pass(GRACE.multipliedBy(2));
        assertThat(two.listed(room)).containsExactly("ann 1");
        awaitHeard(one, "JOINED ann");
        awaitHeard(two, "JOINED ann");
    }

    @Test
    void membersOfADeadNodeLeaveOnceWithinTheirGrace() {
        enter(two, room, "ann", "ben", "cid");
        PresenceNode.get(one.enter(room, "cid", 2, null));
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
        two.store().end();
        assertThat(server.cli("ZSCORE", Keyspace.LEASES, two.incarnation())).isEmpty();
        awaitListed(one, "ann 0", "ben 0");
    }

    @Test
    void whatIsRunTwiceIsDoneOnce() {
        PresenceScripts scripts = one.store().scripts();
        enter(one, room, "ann");
        String inc = one.incarnation();
        one.leave(room, "ann", 1, true);
        one.settle();
        PresenceNode.get(scripts.leave(room, inc, new ConnectionId("ann-1"), true));
        PresenceNode.get(scripts.evict(room, inc));
        PresenceNode.get(scripts.evict(room, inc));
        PresenceNode.get(scripts.depart(room));
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
}
