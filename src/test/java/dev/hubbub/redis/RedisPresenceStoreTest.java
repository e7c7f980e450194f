package dev.hubbub.redis;

import dev.hubbub.support.RedisServer;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisPresenceStoreTest extends RedisPresenceContract {
    @RegisterExtension
    static final NodeOnRedis REDIS = new NodeOnRedis(PresenceNode::new);

    @Override
    PresenceNode node() {
        return REDIS.node();
    }

    @Override
    List<RedisServer> servers() {
        return List.of(REDIS.server());
    }
}
