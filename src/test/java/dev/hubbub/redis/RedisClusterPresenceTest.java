package dev.hubbub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.protocol.RoomName;
import dev.hubbub.support.RedisCluster;
import dev.hubbub.support.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** On three masters, where a key in the wrong slot shows. */
class RedisClusterPresenceTest extends RedisPresenceContract {
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
    PresenceNode node() {
        return node;
    }

    @Override
    List<RedisServer> servers() {
        return cluster.masters();
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
