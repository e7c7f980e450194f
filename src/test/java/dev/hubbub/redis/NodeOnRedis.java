package dev.hubbub.redis;

import dev.hubbub.support.RedisServer;
import java.util.function.Function;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A Redis and a node on it, for all tests of a class. */
final class NodeOnRedis implements BeforeAllCallback, AfterAllCallback {
    private final Function<RedisServer, PresenceNode> maker;
    private RedisServer server;
    private PresenceNode node;

    NodeOnRedis(Function<RedisServer, PresenceNode> maker) {
        this.maker = maker;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        server = RedisServer.start();
        node = maker.apply(server);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        node.close();
        server.close();
    }

    RedisServer server() {
        return server;
    }

    PresenceNode node() {
        return node;
    }
}
