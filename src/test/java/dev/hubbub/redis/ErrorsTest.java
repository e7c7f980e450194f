package dev.hubbub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.cluster.ClusterHealth;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.support.RedisServer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Memory is short for a moment: what goes on in the background goes on afterwards. */
class ErrorsTest {
    private static final int ROOMS = 20;

    /** Throws where it is asked from within a request to Redis that is made in a certain place. */
    private static final class Shortage extends ClusterHealth {
        private final AtomicInteger thrown = new AtomicInteger();
        private volatile Predicate<List<String>> where = frames -> false;

        Shortage() {
            super(Clock.systemUTC());
        }

        @Override
        public boolean isHere() {
            List<String> frames = StackWalker.getInstance()
                    .walk(all -> all.map(
                                    frame -> frame.getClassName().replaceAll(".*\\.", "") + "." + frame.getMethodName())
                            .toList());
            if (frames.contains("RedisLink.run") && where.test(frames)) {
                thrown.incrementAndGet();
                throw new OutOfMemoryError("as it may be");
            }
            return super.isHere();
        }

        /** Throws there, a few times over. */
        void at(Predicate<List<String>> place) {
            at(place, () -> {});
        }

        /** @param cause what is done until it throws */
        void at(Predicate<List<String>> place, Runnable cause) {
            where = place;
            Awaitility.await("it throws").until(() -> {
                cause.run();
                return thrown.get() > 0;
            });
            where = frames -> false;
        }
    }

    private final List<RoomName> rooms =
            IntStream.range(0, ROOMS).mapToObj(i -> new RoomName("errors:" + i)).toList();
    private final Shortage memory = new Shortage();
    private RedisServer server;
    private PresenceNode node;

    @BeforeEach
    void start() {
        server = RedisServer.start();
        node = PresenceNode.quick(server, memory);
    }

    @AfterEach
    void stop() {
        node.close();
        server.close();
    }

    @Test
    void aTimerGoesOn() {
        AtomicInteger runs = new AtomicInteger();
        node.link().every(10, () -> {
            runs.incrementAndGet();
            throw new OutOfMemoryError("as it may be");
        });
        Awaitility.await().until(() -> runs.get() > 2);
    }

    private double leased() {
        return Double.parseDouble(server.cli("ZSCORE", Keyspace.LEASES, node.incarnation()));
    }

    @Test
    void theLeaseIsRenewed() {
        String before = node.incarnation();
        memory.at(frames -> frames.stream().anyMatch(frame -> frame.startsWith("Lease.")));
        double then = leased();
        Awaitility.await().until(() -> leased() > then + 2_000);
        assertThat(node.incarnation()).isEqualTo(before);
    }

    @Test
    void theDeadAreSweptUp() {
        PresenceNode other = PresenceNode.quick(server);
        PresenceNode.get(other.enter(rooms.get(0), "ann", 1, null));
        memory.at(frames -> frames.stream().anyMatch(frame -> frame.startsWith("Sweeper.")));
        other.close();
        Awaitility.await().until(() -> node.listed(rooms.get(0)).equals(List.of("ann 0")));
    }

    @Test
    void whoeverLeavesIsSeenOff() {
        RoomName room = rooms.get(0);
        PresenceNode.get(node.enter(room, "ann", 1, null));
        node.leave(room, "ann", 1, false);
        node.settle();
        PassingTime.in(server, TwoNodes.GRACE);
        memory.at(
                frames -> frames.stream().anyMatch(frame -> frame.startsWith("Departures.")),
                () -> node.pass(TwoNodes.GRACE));
        Awaitility.await().until(() -> {
            node.pass(Duration.ofSeconds(1));
            return server.cli("EXISTS", Keyspace.users(room)).equals("0");
        });
        Awaitility.await()
                .until(() -> server.cli("SISMEMBER", Keyspace.held(node.incarnation()), room.value())
                        .equals("0"));
    }

    @Test
    void whatWasLostIsStatedAgain() {
        rooms.forEach(room -> PresenceNode.get(node.enter(room, "ann", 1, null)));
        memory.at(frames -> frames.contains("PresenceScripts.audit") && !frames.contains("Abreast.each"));
        server.cli("FLUSHALL");
        Awaitility.await()
                .until(() -> rooms.stream().allMatch(room -> node.listed(room).equals(List.of("ann 1"))));
    }
}
