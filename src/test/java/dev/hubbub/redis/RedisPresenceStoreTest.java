package dev.hubbub.redis;

import dev.hubbub.cluster.PresenceStore;
import dev.hubbub.cluster.PresenceStoreContract;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.support.RedisServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class RedisPresenceStoreTest extends PresenceStoreContract {
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
    protected PresenceStore store() {
        return node.store();
    }

    @Override
    protected void pass(Duration time) {
        PassingTime.in(server, time);
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
}
