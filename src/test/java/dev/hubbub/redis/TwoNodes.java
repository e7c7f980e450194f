package dev.hubbub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.protocol.RoomName;
import dev.hubbub.support.RedisServer;
import java.time.Duration;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** Two nodes on one Redis, for each test anew, and a room that both hear of. */
abstract class TwoNodes {
    private static final Duration RESTATED = Duration.ofSeconds(30);

    static final Duration GRACE = Duration.ofSeconds(15);

    static RedisServer server;
    final RoomName room = new RoomName("nodes:" + UUID.randomUUID());
    PresenceNode one;
    PresenceNode two;

    @BeforeAll
    static void start() {
        server = RedisServer.start();
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @BeforeEach
    void nodes() {
        server.cli("FLUSHALL");
        one = PresenceNode.quick(server);
        two = PresenceNode.quick(server);
        one.attach(room);
        two.attach(room);
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
    }

    void pass(Duration time) {
        PassingTime.in(server, time);
        one.pass(time);
        two.pass(time);
    }

    static void enter(PresenceNode node, RoomName room, String... users) {
        for (String user : users) {
            PresenceNode.get(node.enter(room, user, 1, null));
        }
    }

    static void awaitHeard(PresenceNode node, String... what) {
        Awaitility.await().untilAsserted(() -> assertThat(node.heard()).containsExactly(what));
    }

    /** Within the time that a node has to state again what Redis lost: a request that was under way may take 12 s to fail. */
    void awaitListed(PresenceNode node, String... what) {
        Awaitility.await()
                .atMost(RESTATED)
                .untilAsserted(() -> assertThat(node.listed(room)).containsExactly(what));
    }
}
