package dev.hubbub.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.cluster.PermanentRooms;
import dev.hubbub.cluster.PermanentRoomsContract;
import dev.hubbub.cluster.RoomBusContract;
import dev.hubbub.cluster.Unavailable;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import dev.hubbub.support.RedisServer;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RedisPermanentRoomsTest extends PermanentRoomsContract {
    private static final UserId BEN = new UserId("ben");
    private static final RoomName CLUB = new RoomName("club");

    private static RedisServer server;
    private static RedisNode node;

    @BeforeAll
    static void start() {
        server = RedisServer.start();
        node = new RedisNode(server).awaitHere();
    }

    @AfterAll
    static void stop() {
        node.close();
        server.close();
    }

    @Override
    protected PermanentRooms rooms() {
        return new RedisPermanentRooms(node.link, node.channels); // each call another node, as it were
    }

    @Test
    void whatIsNoneOfOursIsAsGoodAsNotThere() {
        server.cli("SET", "hb:user:{ben}:rooms", "banana");
        assertThat(RoomBusContract.get(rooms().of(BEN))).isEmpty();
        server.cli("SADD", "hb:user:{ben}:rooms", "not a room", "club");
        long before = node.health.garbage.sum();
        assertThat(RoomBusContract.get(rooms().of(BEN))).isEqualTo(List.of(CLUB));
        assertThat(node.health.garbage.sum()).isEqualTo(before + 1);
    }

    @Test
    void aMembershipDoesNotExpire() {
        RoomBusContract.get(rooms().add(new UserId("cyd"), CLUB, 1));
        assertThat(server.cli("TTL", "hb:user:{cyd}:rooms")).isEqualTo("-1");
    }

    @Test
    void whileRedisIsAwayNothingIsAccepted() {
        RedisServer other = RedisServer.start();
        try (RedisNode far = new RedisNode(other.url(), Map.of()).awaitHere()) {
            other.kill();
            Awaitility.await().until(() -> !far.link.isHere());
            PermanentRooms rooms = new RedisPermanentRooms(far.link, far.channels);
            for (var stage : List.of(rooms.add(BEN, CLUB, 1), rooms.remove(BEN, CLUB), rooms.of(BEN))) {
                assertThatThrownBy(() -> stage.toCompletableFuture().join()).hasCauseInstanceOf(Unavailable.class);
            }
        } finally {
            other.close();
        }
    }
}
