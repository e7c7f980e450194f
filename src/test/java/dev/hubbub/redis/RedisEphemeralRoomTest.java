package dev.hubbub.redis;

import static dev.hubbub.cluster.RoomBusContract.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.cluster.Publication;
import dev.hubbub.cluster.RoomBusContract;
import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.Raw;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.support.RedisCluster;
import dev.hubbub.support.RedisServer;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The end of a room that nobody is in: by the last node that heard it, else by the first that hears it again. */
class RedisEphemeralRoomTest {
    private static final Map<String, String> KIND = Map.of("hubbub.namespace.brief.kind", "ephemeral");
    private static final RoomName ROOM = new RoomName("brief:a");

    private List<AutoCloseable> closed = List.of();
    private List<RedisServer> masters = List.of();
    private RedisNode one;
    private RedisNode two;

    private void onOneRedis() {
        RedisServer server = RedisServer.start();
        masters = List.of(server);
        one = new RedisNode(server.url(), KIND).awaitHere();
        two = new RedisNode(server.url(), KIND).awaitHere();
        closed = List.of(one, two, server);
    }

    private void onACluster() {
        RedisCluster cluster = RedisCluster.start();
        masters = cluster.masters();
        one = new RedisNode(cluster.yaml(), KIND).awaitHere();
        two = new RedisNode(cluster.yaml(), KIND).awaitHere();
        closed = List.of(one, two, cluster);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : closed) {
            each.close();
        }
    }

    private long keys() {
        return masters.stream()
                .flatMap(master -> master.cli("KEYS", "hb:{brief:a}:[hl]*").lines())
                .filter(line -> !line.isBlank())
                .count();
    }

    private void publish(RedisNode node) {
        get(node.bus.publish(ROOM, new Publication(Raw.body("1"), RoomBusContract.sender("ann"), null, true)));
    }

    private void endsWithTheLastNode() {
        Place begun = get(one.bus.attach(ROOM, new Heard()));
        assertThat(get(two.bus.attach(ROOM, new Heard()))).isEqualTo(begun);
        publish(one);
        one.bus.detach(ROOM);
        assertThat(get(one.bus.attach(ROOM, new Heard()))).isEqualTo(new Place(begun.epoch(), 1));
        one.bus.detach(ROOM);
        two.bus.detach(ROOM);
        Awaitility.await().until(() -> keys() == 0);
        Place again = get(two.bus.attach(ROOM, new Heard()));
        assertThat(again.epoch()).isNotEqualTo(begun.epoch());
        assertThat(again.seq()).isZero();
    }

    @Test
    void itEndsWithTheLastNodeThatHearsIt() {
        onOneRedis();
        endsWithTheLastNode();
    }

    @Test
    void itDoesSoOnAClusterToo() {
        onACluster();
        endsWithTheLastNode();
    }

    @Test
    void whatCouldNotBeEndedIsNotFoundByTheNextWhoComes() {
        onOneRedis();
        publish(one);
        assertThat(keys()).isEqualTo(2);
        assertThat(get(two.bus.attach(ROOM, new Heard())).seq()).isZero();
        assertThat(keys()).isEqualTo(1);
    }
}
