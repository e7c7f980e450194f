package dev.hubbub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.protocol.RoomName;
import dev.hubbub.support.RedisServer;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is not Hubbub's lies under a room's presence, while nodes look as seldom as in production. */
class SpoiltPresenceTest {
    /** From one audit to the next, and room to work. */
    private static final Duration RESTATED = Duration.ofSeconds(35);

    private static final Duration GRACE = Duration.ofSeconds(15);

    private final RoomName users = new RoomName("spoilt:users");
    private final RoomName conns = new RoomName("spoilt:conns");
    private final RoomName leaving = new RoomName("spoilt:leaving");
    private final RoomName nodes = new RoomName("spoilt:nodes");
    private RedisServer server;
    private PresenceNode one;
    private PresenceNode two;

    @BeforeEach
    void start() {
        server = RedisServer.start();
        one = PresenceNode.usual(server);
        two = PresenceNode.usual(server);
        for (RoomName room : List.of(users, conns, leaving, nodes)) {
            one.attach(room);
            two.attach(room);
            PresenceNode.get(one.enter(room, "ann", 1, null));
            PresenceNode.get(two.enter(room, "ann", 2, null));
            PresenceNode.get(two.enter(room, "ben", 1, null));
        }
    }

    @AfterEach
    void stop() {
        one.close();
        two.close();
        server.close();
    }

    private void spoil(String key) {
        assertThat(server.cli("SET", key, "garbage")).isEqualTo("OK");
    }

    private long rev(RoomName room) {
        return Long.parseLong(server.cli("HGET", Keyspace.head(room), "rev"));
    }

    @Test
    void allOfItIsStatedAgainWithinHalfAMinuteAndCountedOnce() {
        // a member that has gone meanwhile is in nobody's memory
        two.leave(leaving, "ann", 2, false);
        one.leave(leaving, "ann", 1, false);
        two.settle();
        one.settle();
        assertThat(two.listed(leaving)).containsExactly("ann 0", "ben 1");
        two.leave(conns, "ann", 2, false);
        two.settle();
        long before = rev(users);
        spoil(Keyspace.users(users));
        spoil(Keyspace.conns(conns, one.incarnation()));
        spoil(Keyspace.leaving(leaving));
        spoil(Keyspace.nodes(nodes));
        one.leave(conns, "ann", 1, false);
        one.settle();
        for (RoomName room : List.of(users, conns, leaving, nodes)) {
            assertThat(one.listed(room)).isEmpty(); // whoever looks next finds it
        }
        assertThat(rev(users))
                .isEqualTo(before + 1); // a hole: whoever heard of the last change is told that some are lost
        Awaitility.await().atMost(RESTATED).untilAsserted(() -> {
            assertThat(one.listed(users)).containsExactly("ann 2", "ben 1");
            assertThat(one.listed(conns)).containsExactly("ben 1");
            assertThat(one.listed(leaving)).containsExactly("ben 1");
            assertThat(one.listed(nodes)).containsExactly("ann 2", "ben 1");
        });
        assertThat(one.health().garbage.sum()).isEqualTo(4);
        assertThat(two.health().garbage.sum()).isEqualTo(4);
        one.leave(users, "ann", 1, true);
        two.leave(nodes, "ann", 2, true);
        one.settle();
        two.settle();
        PassingTime.in(server, GRACE);
        for (RoomName room : List.of(users, nodes)) {
            assertThat(two.listed(room)).containsExactly("ann 1", "ben 1");
        }
        for (RoomName room : List.of(conns, leaving)) {
            assertThat(two.listed(room)).containsExactly("ben 1");
        }
    }
}
