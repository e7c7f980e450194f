package dev.hubbub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.cluster.PresenceStore;
import dev.hubbub.cluster.PresenceStoreContract;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.support.RedisCluster;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** On three masters, where a key in the wrong slot shows. */
class RedisClusterPresenceTest extends PresenceStoreContract {
    private static RedisCluster cluster;
    private static PresenceNode node;

    @BeforeAll
    static void start() {
        cluster = RedisCluster.start();
        node = PresenceNode.quick(cluster.yaml());
    }

    @AfterAll
    static void end() {
        node.close();
        cluster.close();
    }

    @Override
    protected PresenceStore store() {
        return node.store();
    }

    @Override
    protected void pass(Duration time) {
        cluster.masters().forEach(master -> PassingTime.in(master, time));
        node.pass(time);
    }

    @Override
    protected void attach(RoomName room) {
        node.attach(room);
    }

    @Override
    protected void settle() {
        node.settle();
    }

    @Override
    protected Duration slack() {
        return Duration.ofSeconds(5);
    }

    @Override
    protected long shown(long before, Duration passed) {
        return before - passed.toMillis();
    }

    @Test
    void whatADeadNodeHeldIsSweptUpOnAllMasters() {
        List<RoomName> rooms = IntStream.range(0, 30)
                .mapToObj(i -> new RoomName("spread:" + i))
                .toList();
        PresenceNode other = PresenceNode.quick(cluster.yaml());
        rooms.forEach(room -> PresenceNode.get(other.enter(room, "ann", 1, null)));
        for (int i = 0; i < 30; i++) {
            assertThat(other.quotas().take("spread:" + i, 1)).isTrue();
            assertThat(node.quotas().take("spread:" + i, 1)).isFalse();
        }
        other.close();
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(rooms)
                        .allSatisfy(room -> assertThat(node.listed(room)).containsExactly("ann 0")));
        Awaitility.await()
                .until(() -> IntStream.range(0, 30).allMatch(i -> node.quotas().take("spread:" + i, 1)));
        pass(GRACE);
        assertThat(rooms).allSatisfy(room -> assertThat(node.listed(room)).isEmpty());
    }

    @Test
    void aStreamsTicketIsGoodAgain() {
        RedisTickets tickets = new RedisTickets(node.link());
        for (int i = 0; i < 30; i++) {
            String ticket = tickets.issue("ann");
            assertThat(tickets.takeForStream(ticket, false)).contains("ann");
            assertThat(tickets.takeForStream(ticket, true)).contains("ann");
            assertThat(tickets.take(ticket)).isEmpty();
        }
    }
}
