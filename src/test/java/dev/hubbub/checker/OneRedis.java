package dev.hubbub.checker;

import dev.hubbub.support.RedisServer;
import java.util.List;
import java.util.stream.IntStream;

/** One Redis that writes down everything before it answers, and the network from each node to it. One thread's. */
final class OneRedis implements AutoCloseable {
    private static final String REDIS = "Redis";
    private static final String CONNECTIONS = "connections";

    private final RedisServer redis = RedisServer.start("--appendonly", "yes", "--appendfsync", "always");
    private final List<Proxy> proxies;

    OneRedis(int nodes) {
        proxies =
                IntStream.range(0, nodes).mapToObj(i -> new Proxy(redis.port())).toList();
    }

    /** What a node is told of it. */
    List<String> options(int node) {
        return List.of("-Dhubbub.redis=redis://127.0.0.1:" + proxies.get(node).port());
    }

    Fault loseSubscriptions() {
        return Fault.once(CONNECTIONS, "CLIENT KILL TYPE pubsub", () -> redis.cli("CLIENT", "KILL", "TYPE", "pubsub"));
    }

    Fault loseConnections() {
        return Fault.once(CONNECTIONS, "CLIENT KILL TYPE normal", () -> redis.cli("CLIENT", "KILL", "TYPE", "normal"));
    }

    /** Redis dies and comes back with all that it had acknowledged. */
    Fault restart() {
        return Fault.keeping(REDIS, "SIGKILL of Redis, which has its data on disk", redis::kill, redis::restart);
    }

    Fault restartWithoutData() {
        return Fault.losing(
                REDIS,
                "SIGKILL of Redis, and its data is gone",
                () -> {
                    redis.kill();
                    redis.forget();
                },
                redis::restart);
    }

    Fault cut(int node) {
        Proxy proxy = proxies.get(node);
        return Fault.keeping("n" + node, "n" + node + " is cut off from Redis", proxy::cut, proxy::heal);
    }

    Fault hold(int node) {
        Proxy proxy = proxies.get(node);
        return Fault.keeping("n" + node, "nothing passes between n" + node + " and Redis", proxy::hold, proxy::heal);
    }

    @Override
    public void close() {
        proxies.forEach(Proxy::close);
        redis.close();
    }
}
