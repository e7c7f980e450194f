package dev.hubbub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.cluster.Occupancy;
import dev.hubbub.cluster.OccupancyContract;
import dev.hubbub.cluster.Outbox;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.support.RedisCluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** On three masters, where a key in the wrong slot shows. */
class RedisClusterOccupancyTest extends OccupancyContract {
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
    protected Occupancy occupancy() {
        return node.occupancy();
    }

    @Test
    void theRoomsOfADeadNodeAreVacatedOnAllMasters() throws Exception {
        List<RoomName> rooms = IntStream.range(0, 30)
                .mapToObj(i -> new RoomName("spread:" + i))
                .toList();
        PresenceNode other = PresenceNode.quick(cluster.yaml());
        rooms.forEach(other.occupancy()::occupy);
        settle(other.occupancy());
        other.close();
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() ->
                        assertThat(rooms).allSatisfy(r -> assertThat(told.of(r)).containsExactly("false")));
    }

    @Test
    void whatIsToBeSentIsPutInAndTakenOut() {
        RedisOutbox outbox = new RedisOutbox(node.link(), Settings.of(Map.of()));
        outbox.add("{}");
        Awaitility.await().until(() -> outbox.waiting() == 0);
        Outbox.Batch batch = PresenceNode.get(outbox.next(10, 1_000));
        assertThat(batch.items()).hasSize(1);
        PresenceNode.get(outbox.remove(batch));
        assertThat(PresenceNode.get(outbox.next(10, 1_000)).items()).isEmpty();
        PresenceNode.get(outbox.handOver());
    }
}
