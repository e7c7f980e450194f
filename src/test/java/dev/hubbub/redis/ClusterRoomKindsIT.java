package dev.hubbub.redis;

import dev.hubbub.protocol.RoomKinds;
import dev.hubbub.support.Node;
import dev.hubbub.support.Nodes;
import dev.hubbub.support.RedisServer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The kinds of room over two nodes. */
class ClusterRoomKindsIT extends RoomKinds {
    private static RedisServer redis;
    private static Node one;
    private static Node two;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
        one = node();
        two = node();
    }

    private static Node node() {
        return Node.start(Stream.concat(
                        Stream.of(
                                "-Dhubbub.redis=" + redis.url(),
                                "-Dhubbub.auth.anonymous-secret=0123456789abcdef0123456789abcdef"),
                        Nodes.KINDS.stream())
                .toArray(String[]::new));
    }

    @AfterAll
    static void stop() {
        one.close();
        two.close();
        redis.close();
    }

    @Override
    protected Node one() {
        return one;
    }

    @Override
    protected Node two() {
        return two;
    }
}
