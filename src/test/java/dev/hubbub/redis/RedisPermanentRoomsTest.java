package dev.hubbub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.cluster.PermanentRooms;
import dev.hubbub.cluster.PermanentRoomsContract;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import dev.hubbub.support.RedisServer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RedisPermanentRoomsTest extends PermanentRoomsContract {
    private static RedisServer server;
    private static PresenceNode node;

    @BeforeAll
    static void start() {
        server = RedisServer.start();
        node = new PresenceNode(server);
    }

    @AfterAll
    static void end() {
        node.close();
        server.close();
    }

    @Override
    protected PermanentRooms rooms() {
        return new RedisPermanentRooms(node.link(), node.channels()); // each call another node, as it were
    }

    @Test
    void whatIsNoRoomIsLeftOut() {
        UserId fay = new UserId("fay");
        server.cli("SADD", "hb:user:{fay}:rooms", "no room's name", "stay:one");
        assertThat(got(rooms().of(fay))).isEqualTo(List.of(new RoomName("stay:one")));
        server.cli("SET", "hb:user:{gus}:rooms", "junk");
        assertThat(got(rooms().of(new UserId("gus")))).isEmpty();
        assertThat(got(rooms().enter(new UserId("gus"), new RoomName("stay:one"), 5)))
                .isTrue();
    }
}
