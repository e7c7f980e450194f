package dev.hubbub.redis;

import dev.hubbub.protocol.RoomName;
import dev.hubbub.support.RedisCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.redisson.Redisson;

/** Nodes die while one of three masters hangs. */
class PartialOutageTest {
    private static final int ROOMS = 500;
    /** What operators are told. */
    private static final Duration EVICTED = Duration.ofSeconds(17);

    private RedisCluster cluster;
    private PresenceNode node;

    @BeforeEach
    void start() {
        cluster = RedisCluster.start("--cluster-require-full-coverage", "no");
        node = PresenceNode.quick(cluster.yaml());
    }

    @AfterEach
    void stop() {
        node.close();
        cluster.close();
    }

    private int masterOf(String key) {
        var manager = ((Redisson) node.link().client()).getCommandExecutor().getConnectionManager();
        return cluster.masterOf(manager.calcSlot(key));
    }

    private List<RoomName> rooms(String prefix, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new RoomName(prefix + ":" + i))
                .toList();
    }

    /** A node, what it holds listed on this master, or on another. */
    private PresenceNode node(int master, boolean on) {
        while (true) {
            PresenceNode made = PresenceNode.quick(cluster.yaml());
            if (masterOf(Keyspace.held(made.incarnation())) == master == on) {
                return made;
            }
            made.end();
            made.close();
        }
    }

    private boolean areEvicted(List<RoomName> rooms) {
        return rooms.stream().allMatch(room -> node.listed(room).equals(List.of("ann 0")));
    }

    @Test
    void roomsOfTheOtherMastersAreEvictedInTimeAndTheRestWhenTheirsIsBack() {
        int hung = masterOf(Keyspace.LEASES) == 0 ? 1 : 0;
        PresenceNode lost = node(hung, true);
        PresenceNode one = node(hung, false);
        PresenceNode two = node(hung, false);
        List<RoomName> all = new ArrayList<>(rooms("one", ROOMS));
        all.forEach(room -> PresenceNode.get(one.enter(room, "ann", 1, null)));
        List<RoomName> others = rooms("two", 10);
        others.forEach(room -> PresenceNode.get(two.enter(room, "ann", 1, null)));
        all.addAll(others);
        cluster.masters().get(hung).pause();
        lost.close(); // nobody can know now what it had
        one.close();
        two.close();
        List<RoomName> well = all.stream()
                .filter(room -> masterOf(Keyspace.channel(room)) != hung)
                .toList();
        Awaitility.await().atMost(EVICTED).until(() -> areEvicted(well));
        cluster.masters().get(hung).resume();
        Awaitility.await().atMost(EVICTED).until(() -> areEvicted(all));
    }
}
