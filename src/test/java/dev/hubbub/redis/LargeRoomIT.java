package dev.hubbub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.support.Api;
import dev.hubbub.support.Node;
import dev.hubbub.support.Nodes;
import dev.hubbub.support.Race;
import dev.hubbub.support.RawWebSocket;
import dev.hubbub.support.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Ten thousand members come into one room on two nodes; those who are in it are told at most once a second. */
@Tag("alone")
class LargeRoomIT {
    private static final int MEMBERS = 10_000;
    private static final Duration WITHIN = Duration.ofMinutes(1);
    /** So many come in at once. */
    private static final int COMING = 8;
    /** Up to so many members each change is told by itself. */
    private static final int COALESCE_OVER = 200;
    /** Frames of one second's tick may be read so much closer to each other on a busy machine, in ns. */
    private static final long SLACK_NS = 300_000_000;

    /** Somebody who is in the room from the beginning, and when a frame about many changes came. */
    private record Watcher(RawWebSocket socket, List<Long> toldAt, Thread thread) {
        static Watcher in(String room, Node node, AtomicBoolean over) {
            RawWebSocket socket = RawWebSocket.open(node).answeringPings();
            socket.join(room);
            List<Long> toldAt = new ArrayList<>();
            Thread thread = new Thread(() -> {
                while (!over.get()) {
                    JsonNode frame = socket.poll(f -> true, Duration.ofMillis(200));
                    if (frame != null && isOfMany(frame)) {
                        toldAt.add(System.nanoTime());
                    }
                }
            });
            thread.start();
            return new Watcher(socket, toldAt, thread);
        }

        private static boolean isOfMany(JsonNode frame) {
            return frame.get("type").asText().startsWith("presence.")
                    && frame.at("/data/count").asInt() > COALESCE_OVER + 50;
        }
    }

    private static Node node(RedisServer redis) {
        // with both compilers, two new nodes work for them half of the minute on two cores
        return Node.beginWithOneCompiler(
                "-Dhubbub.redis=" + redis.url(),
                "-Dhubbub.limits.connections-per-ip=100000",
                "-Dhubbub.heartbeat.silence=PT5M");
    }

    @Test
    void tenThousandMembersJoinWithinAMinuteAndNobodyIsToldMoreThanOnceASecond() throws InterruptedException {
        String room = Nodes.room("crowd");
        List<RawWebSocket> members = Collections.synchronizedList(new ArrayList<>());
        AtomicBoolean over = new AtomicBoolean();
        try (RedisServer redis = RedisServer.start();
                Node one = node(redis);
                Node two = node(redis)) {
            one.awaitReady();
            two.awaitReady();
            List<Watcher> watchers = List.of(Watcher.in(room, one, over), Watcher.in(room, two, over));
            long begun = System.nanoTime();
            Race.run(COMING, thread -> {
                for (int i = watchers.size() + thread; i < MEMBERS; i += COMING) {
                    RawWebSocket member = RawWebSocket.open(i % 2 == 0 ? one : two);
                    member.tell("room.join", "{\"room\":\"" + room + "\"}");
                    members.add(member);
                }
                return thread;
            });
            Awaitility.await("all are listed")
                    .atMost(WITHIN)
                    .until(() -> listed(one, room) == MEMBERS && listed(two, room) == MEMBERS);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(WITHIN);
            over.set(true);
            for (Watcher watcher : watchers) {
                watcher.thread().join();
                assertThat(watcher.toldAt()).hasSizeGreaterThan(3);
                for (int i = 2; i < watcher.toldAt().size(); i++) {
                    // of three in a row, two whole seconds lie between the first and the last
                    assertThat(watcher.toldAt().get(i) - watcher.toldAt().get(i - 2))
                            .isGreaterThan(2_000_000_000L - 2 * SLACK_NS);
                }
                watcher.socket().close();
            }
        } finally {
            members.forEach(RawWebSocket::close);
        }
    }

    private static int listed(Node node, String room) {
        return Api.get(node, "/api/v1/rooms/" + room + "/members?limit=1")
                .body()
                .get("count")
                .asInt();
    }
}
