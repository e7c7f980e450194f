package dev.hubbub.redis;

import dev.hubbub.cluster.PresenceStore;
import dev.hubbub.cluster.PresenceStoreContract;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.support.RedisServer;
import java.time.Duration;
import java.util.List;

/** The contract, for a node on one or several Redis. */
abstract class RedisPresenceContract extends PresenceStoreContract {
    abstract PresenceNode node();

    abstract List<RedisServer> servers();

    @Override
    protected PresenceStore store() {
        return node().store();
    }

    @Override
    protected void pass(Duration time) {
        servers().forEach(server -> PassingTime.in(server, time));
        node().pass(time);
    }

    @Override
    protected void attach(RoomName room) {
        node().attach(room);
    }

    @Override
    protected void settle() {
        node().settle();
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
