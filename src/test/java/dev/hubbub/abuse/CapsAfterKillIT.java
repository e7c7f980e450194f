package dev.hubbub.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.support.Node;
import dev.hubbub.support.RawWebSocket;
import dev.hubbub.support.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes that count together, one of which is killed: its places are there again within 30 s, each of them once. */
class CapsAfterKillIT {
    private static final int OF_ADDRESS = 5;
    private static final int OF_USER = 3;
    private static final Duration AGAIN = Duration.ofSeconds(30);
    private static final String HERE = "127.0.5.1";

    private static RedisServer redis;
    /** The one that lives. */
    private static Node two;

    private Node one;
    private final List<RawWebSocket> open = new ArrayList<>();

    private static Node node() {
        return Node.begin(
                "-Dhubbub.redis=" + redis.url(),
                "-Dhubbub.auth.anonymous-secret=" + "s".repeat(32),
                "-Dhubbub.limits.connections-per-ip=" + OF_ADDRESS,
                "-Dhubbub.limits.connections-per-user=" + OF_USER,
                "-Dhubbub.limits.handshakes-burst=1000",
                "-Dhubbub.namespace.slow.publishes-per-minute=4");
    }

    @BeforeAll
    static void begin() {
        redis = RedisServer.start();
        two = node().awaitReady();
    }

    @AfterAll
    static void end() {
        two.close();
        redis.close();
    }

    @BeforeEach
    void start() {
        one = node().awaitReady();
    }

    @AfterEach
    void stop() {
        open.forEach(RawWebSocket::close);
        one.close();
    }

    /** Whether somebody more is let in; who is, stays. */
    private boolean enter(Node node, String address, String path) {
        RawWebSocket socket = RawWebSocket.handshakeFrom(node, address, path);
        if (socket.status() == 101) {
            open.add(socket.answeringPings());
            return true;
        }
        assertThat(socket.status()).isEqualTo(429);
        assertThat(Integer.parseInt(socket.headers().get("retry-after"))).isPositive();
        socket.close();
        return false;
    }

    private int enter(Node node, String address, String path, int tries) {
        int in = 0;
        for (int i = 0; i < tries; i++) {
            in += enter(node, address, path) ? 1 : 0;
        }
        return in;
    }

    /** Comes again and again until somebody is let in, then as often as it goes; who lives is heard all the time. */
    private int comeBack(Node node, String address, String path) {
        int[] in = new int[1];
        Awaitility.await().atMost(AGAIN).pollInterval(Duration.ofMillis(500)).until(() -> {
            in[0] += enter(node, address, path) ? 1 : 0;
            return in[0] > 0;
        });
        // a dead node's places come back together
        return in[0] + enter(node, address, path, 2 * OF_ADDRESS);
    }

    @Test
    void anAddressGetsExactlyThePlacesOfADeadNodeBack() {
        assertThat(enter(one, HERE, "/ws", 3)).isEqualTo(3);
        assertThat(enter(two, HERE, "/ws", 10)).isEqualTo(OF_ADDRESS - 3);
        one.kill();
        assertThat(comeBack(two, HERE, "/ws")).isEqualTo(3);
        assertThat(enter(two, HERE, "/ws", 5)).isZero();
        assertThat(enter(two, "127.0.5.2", "/ws", 10)).isEqualTo(OF_ADDRESS);
    }

    @Test
    void aUserGetsExactlyThePlacesOfADeadNodeBackAndKeepsTheirRate() {
        RawWebSocket first = RawWebSocket.openFrom(two, "127.0.5.4", "/ws").answeringPings();
        open.add(first);
        String path = "/ws?anon=" + first.anon();
        assertThat(enter(one, "127.0.5.4", path, 10)).isEqualTo(OF_USER - 1);
        RawWebSocket gone = open.get(1);
        for (int i = 0; i < 3; i++) {
            gone.ok("room.publish", "{\"room\":\"slow:a\",\"payload\":" + i + "}");
        }
        one.kill();
        first.ok("room.publish", "{\"room\":\"slow:b\",\"payload\":3}");
        // a minute's four were spent, most of them on the node that is dead
        assertThat(first.fails("room.publish", "{\"room\":\"slow:a\",\"payload\":4}")
                        .get("retryAfterMs")
                        .asInt())
                .isBetween(1, 15_000);
        assertThat(comeBack(two, "127.0.5.5", path)).isEqualTo(OF_USER - 1);
    }
}
