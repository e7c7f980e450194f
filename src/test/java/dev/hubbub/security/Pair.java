package dev.hubbub.security;

import dev.hubbub.support.Node;
import dev.hubbub.support.RedisServer;
import java.util.ArrayList;
import java.util.List;

/** Two nodes over one Redis, outside development mode. */
final class Pair implements AutoCloseable {
    private final RedisServer redis = RedisServer.start();
    private final String[] options;
    private Node one;
    private Node two;

    Pair(String... more) {
        List<String> all = new ArrayList<>(List.of(Way.OPEN));
        all.add("-Dhubbub.redis=" + redis.url());
        all.addAll(List.of(more));
        options = all.toArray(String[]::new);
        one = Sites.begin(options);
        two = Sites.begin(options);
        both().forEach(Node::awaitReady);
    }

    Node one() {
        return one;
    }

    Node two() {
        return two;
    }

    List<Node> both() {
        return List.of(one, two);
    }

    /** Ends both, so that only Redis knows what was, and starts them again. */
    void restart() {
        Sites.stop(one);
        Sites.stop(two);
        one = Sites.beginOn(one.port(), options);
        two = Sites.beginOn(two.port(), options);
        both().forEach(Node::awaitReady);
    }

    @Override
    public void close() {
        try {
            Sites.stop(one);
        } finally {
            try {
                Sites.stop(two);
            } finally {
                redis.close();
            }
        }
    }
}
