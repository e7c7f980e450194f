package dev.hubbub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.cluster.Directory;
import dev.hubbub.cluster.DirectoryContract;
import dev.hubbub.cluster.Nodes;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import dev.hubbub.support.RedisCluster;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On three masters, where a key in the wrong slot shows, and what is said to all goes by way of whichever master. */
class RedisClusterDirectoryTest extends DirectoryContract {
    private static RedisCluster cluster;
    private DirectoryNode one;
    private DirectoryNode two;

    @BeforeAll
    static void start() {
        cluster = RedisCluster.start();
    }

    @AfterAll
    static void end() {
        cluster.close();
    }

    @BeforeEach
    void nodes() {
        one = new DirectoryNode(cluster.yaml());
        two = new DirectoryNode(cluster.yaml());
    }

    @AfterEach
    void close() {
        two.nodes.end();
        one.close();
        two.close();
    }

    @Override
    protected Directory directory() {
        return one.directory;
    }

    @Override
    protected void tell(Directory.Local local) {
        two.tell("two", local);
    }

    @Test
    void usersWhoWereSeenAreSpreadOverTheMasters() {
        for (int i = 0; i < 100; i++) {
            one.lastSeen.gone(new UserId("u" + i));
        }
        one.lastSeen.end();
        for (int i = 0; i < 100; i++) {
            assertThat(get(two.lastSeen.find(new UserId("u" + i)))).isPresent();
        }
        assertThat(cluster.masters())
                .allSatisfy(
                        master -> assertThat(master.cli("KEYS", "hb:seen:*")).isNotEmpty());
    }

    @Test
    void aUserIsDisconnectedOnEveryNode() {
        List<String> ended = new CopyOnWriteArrayList<>();
        two.nodes.onDisconnect((user, reason) -> ended.add(user.value()));
        two.nodes.tell(() -> new Nodes.Node("two", 1, 1, false));
        Awaitility.await().until(() -> get(one.nodes.list()).size() == 1);
        get(one.nodes.disconnect(new UserId("ann"), "x"));
        Awaitility.await().untilAsserted(() -> assertThat(ended).containsExactly("ann"));
    }

    /** What counts them is another key than the sanctions', which the same script must reach. */
    @Test
    void aRoomsBansAreCountedAndStatedAgain() {
        RoomName room = new RoomName("chat:a");
        RedisSanctions sanctions = new RedisSanctions(
                one.link, one.calls, Settings.of(Map.of("hubbub.limits.bans-per-room", "1")), Clock.systemUTC());
        sanctions.begin();
        assertThat(get(sanctions.ban(room, new UserId("ann"), 3_600_000))).isTrue();
        assertThat(get(sanctions.ban(room, new UserId("ben"), 3_600_000))).isFalse();
        cluster.masters().forEach(master -> master.cli("FLUSHALL"));
        Awaitility.await()
                .until(() -> cluster.masters().stream()
                        .anyMatch(master ->
                                master.cli("KEYS", "hb:{nodes}:bans:*").equals(Keyspace.bans(room))));
        assertThat(get(sanctions.ban(room, new UserId("ben"), 3_600_000))).isFalse();
        assertThat(get(sanctions.ban(room, new UserId("ann"), 0))).isTrue();
    }
}
