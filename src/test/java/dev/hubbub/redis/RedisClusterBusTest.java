package dev.hubbub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.cluster.Publication;
import dev.hubbub.cluster.RoomBus;
import dev.hubbub.cluster.RoomBusContract;
import dev.hubbub.protocol.Raw;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.support.RedisCluster;
import dev.hubbub.support.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** On three masters, where a key in the wrong slot shows. */
class RedisClusterBusTest extends RoomBusContract {
    private static RedisCluster cluster;
    private static RedisNode node;

    @BeforeAll
    static void start() {
        cluster = RedisCluster.start();
        node = new RedisNode(cluster.yaml()).awaitHere();
    }

    @AfterAll
    static void stop() {
        node.close();
        cluster.close();
    }

    @Override
    protected RoomBus bus() {
        return node.bus;
    }

    @Override
    protected void pass(Duration time) {
        cluster.masters().forEach(master -> master.pass(time));
    }

    @Test
    void roomsAreSpreadAndTheirChannelsWithThem() {
        List<RoomName> rooms = IntStream.range(0, 60)
                .mapToObj(i -> new RoomName("spread:" + i))
                .toList();
        Heard heard = new Heard();
        rooms.forEach(room -> get(bus().attach(room, heard)));
        rooms.forEach(room -> get(bus().publish(room, new Publication(Raw.body("1"), sender("ann"), null, true))));
        heard.await(120);
        for (RedisServer master : cluster.masters()) {
            assertThat(master.cli("KEYS", "hb:{spread:*}:head").lines().count()).isBetween(5L, 40L);
            assertThat(master.cli("PUBSUB", "SHARDCHANNELS", "hb:{spread:*}")
                            .lines()
                            .count())
                    .isBetween(5L, 40L);
        }
    }
}
