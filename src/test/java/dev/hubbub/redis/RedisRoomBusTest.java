package dev.hubbub.redis;

import dev.hubbub.cluster.RoomBus;
import dev.hubbub.cluster.RoomBusContract;
import dev.hubbub.support.RedisServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class RedisRoomBusTest extends RoomBusContract {
    private static RedisServer redis;
    private static RedisNode node;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
        node = new RedisNode(redis).awaitHere();
    }

    @AfterAll
    static void stop() {
        node.close();
        redis.close();
    }

    @Override
    protected RoomBus bus() {
        return node.bus;
    }

    @Override
    protected void pass(Duration time) {
        redis.pass(time);
    }
}
