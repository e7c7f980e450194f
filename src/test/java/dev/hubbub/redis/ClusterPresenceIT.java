package dev.hubbub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.support.Api;
import dev.hubbub.support.Node;
import dev.hubbub.support.Nodes;
import dev.hubbub.support.RawWebSocket;
import dev.hubbub.support.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Presence over two nodes, one of which dies, stops, or loses its Redis. Somebody on the other one watches. */
class ClusterPresenceIT {
    /** From SIGKILL to eviction: 12 s of lease, 2 s to the next sweep, and room to work. */
    private static final Duration EVICTION = Duration.ofSeconds(17);

    private static final Duration GRACE = Duration.ofSeconds(4);
    private static final Duration RESTATED = Duration.ofSeconds(30);
    /** A subscription stands again after 2 s at most, and what is under way then is waited for. */
    private static final Duration MISSED = Duration.ofSeconds(10);

    private static RedisServer redis;
    private static Node stays;
    /** Whoever ends it leaves the next test to start another. */
    private static Node goes;

    private RawWebSocket watcher;
    private String room;

    @BeforeAll
    static void startAll() {
        redis = RedisServer.start();
        stays = node();
        goes = node();
        stays.awaitReady();
    }

    @AfterAll
    static void stopAll() {
        goes.close();
        stays.close();
        redis.close();
    }

    private static Node node() {
        return Node.begin(
                "-Dhubbub.redis=" + redis.url(),
                "-Dhubbub.presence.grace=" + GRACE,
                "-Dhubbub.auth.anonymous-secret=all-nodes-sign-with-this-one-secret",
                "-Dhubbub.limits.messages-per-second=1000",
                "-Dhubbub.limits.messages-burst=1000");
    }

    @BeforeEach
    void start() {
        goes = goes.process().isAlive() ? goes : node();
        goes.awaitReady();
        room = Nodes.room("chat");
        watcher = RawWebSocket.open(stays).answeringPings();
        watcher.join(room);
    }

    @AfterEach
    void stop() {
        watcher.close();
    }

    /** What the watcher was told of a user so far. */
    private List<String> told(String user) {
        watcher.barrier();
        List<String> told = new ArrayList<>();
        for (JsonNode frame : watcher.all()) {
            String type = frame.get("type").asText();
            if (type.startsWith("presence.")
                    && frame.at("/data/member/user").asText().equals(user)) {
                told.add(type.substring("presence.".length()));
            }
        }
        return told;
    }

    private void awaitTold(String user, Duration within, String... told) {
        Awaitility.await(user).atMost(within).until(() -> told(user).equals(List.of(told)));
    }

    /** Each member's connections, as a node lists them. */
    private Map<String, Integer> members(Node node) {
        Map<String, Integer> members = new TreeMap<>();
        Api.get(node, "/api/v1/rooms/" + room + "/members")
                .body()
                .get("items")
                .forEach(m -> members.put(m.get("user").asText(), m.get("conns").asInt()));
        return members;
    }

    private RawWebSocket joined(Node node) {
        RawWebSocket socket = RawWebSocket.open(node);
        socket.join(room);
        return socket;
    }

    @Test
    void membersOfANodeThatIsKilledLeaveOnceUnlessTheyComeBack() {
        try (RawWebSocket ann = joined(goes);
                RawWebSocket ben = joined(goes)) {
            awaitTold(ann.user(), GRACE, "joined");
            awaitTold(ben.user(), GRACE, "joined");
            goes.kill();
            try (RawWebSocket again = ben.another(stays).answeringPings()) {
                again.join(room);
                Awaitility.await("eviction")
                        .atMost(EVICTION)
                        .until(() -> members(stays)
                                .equals(new TreeMap<>(Map.of(watcher.user(), 1, ann.user(), 0, ben.user(), 1))));
                awaitTold(ann.user(), GRACE.plusSeconds(2), "joined", "left");
                assertThat(members(stays)).containsOnlyKeys(watcher.user(), ben.user());
                assertThat(told(ben.user())).containsExactly("joined");
            }
        }
    }

    @Test
    void aMoveToAnotherNodeIsNotSeen() {
        RawWebSocket ann = joined(goes);
        RawWebSocket ben = joined(stays);
        awaitTold(ann.user(), GRACE, "joined");
        RawWebSocket here = ann;
        for (int i = 0; i < 4; i++) {
            here.close(1001);
            here = here.another(i % 2 == 0 ? stays : goes);
            here.join(room);
        }
        assertThat(members(stays)).containsEntry(ann.user(), 1);
        // a node that ends in order leaves its members their place
        goes.close();
        here = here.another(stays).answeringPings();
        here.join(room);
        // whoever goes after her last move is told to have left after she would have been
        ben.close(1001);
        awaitTold(ben.user(), EVICTION, "joined", "left");
        assertThat(members(stays)).containsEntry(ann.user(), 1);
        assertThat(told(ann.user())).containsExactly("joined");
        here.close();
    }

    /** The last that the watcher was told of presence: {@code type count}. */
    private String lastTold() {
        watcher.barrier();
        String last = "";
        for (JsonNode frame : watcher.all()) {
            String type = frame.get("type").asText();
            if (type.startsWith("presence.")) {
                last = type.substring("presence.".length()) + " "
                        + frame.at("/data/count").asInt();
            }
        }
        return last;
    }

    private String key(String part) {
        return "hb:{" + room + "}:" + part;
    }

    @Test
    void aChangeThatANodeMissedIsToldThoughNoneFollows() {
        try (RawWebSocket ann = joined(goes).answeringPings()) {
            awaitTold(ann.user(), GRACE, "joined");
            // as if it had been said while nobody heard
            redis.cli("HDEL", key("users"), ann.user());
            redis.cli("ZREM", key("names"), ann.user());
            redis.cli("HINCRBY", key("head"), "rev", "1");
            redis.cli("CLIENT", "KILL", "TYPE", "pubsub");
            Awaitility.await().atMost(MISSED).until(() -> lastTold().equals("reset 1"));
        }
    }

    @Test
    void changesThatAFailoverLostAreToldThoughRevisionsAreGivenAgain() {
        try (RawWebSocket ann = joined(goes).answeringPings()) {
            awaitTold(ann.user(), GRACE, "joined");
            for (int i = 0; i < 7; i++) {
                ann.ok("presence.update", "{\"room\":\"" + room + "\",\"status\":{\"i\":" + i + "}}");
            }
            Awaitility.await().atMost(GRACE).until(() -> told(ann.user()).size() == 8);
            // a replica that had not seen the last changes takes over
            redis.cli("HINCRBY", key("head"), "rev", "-7");
            redis.cli("CLIENT", "KILL", "TYPE", "pubsub");
            Awaitility.await().atMost(MISSED).until(() -> lastTold().equals("reset 2"));
            ann.close(1000);
            Awaitility.await().atMost(GRACE).until(() -> lastTold().equals("left 1"));
        }
    }

    @Test
    void afterANewEpochTheLastThatIsToldIsHowManyThereAre() {
        redis.cli("FLUSHALL");
        Awaitility.await().atMost(RESTATED).until(() -> members(stays).equals(Map.of(watcher.user(), 1)));
        String epoch = redis.cli("HGET", key("head"), "epoch");
        Awaitility.await()
                .atMost(RESTATED)
                .until(() -> watcher.barrier().all().stream()
                        .anyMatch(frame -> frame.get("type").asText().equals("room.reset")
                                && frame.at("/data/epoch").asText().equals(epoch)));
        // what follows the reset of the messages is that of presence
        assertThat(lastTold()).isEqualTo("reset 1");
    }

    @Test
    void theTruthIsStatedAgainWhenRedisLostIt() {
        try (RawWebSocket ann = joined(goes).answeringPings()) {
            awaitTold(ann.user(), GRACE, "joined");
            redis.cli("FLUSHALL");
            Map<String, Integer> all = new TreeMap<>(Map.of(watcher.user(), 1, ann.user(), 1));
            Awaitility.await()
                    .atMost(RESTATED)
                    .until(() -> members(stays).equals(all) && members(goes).equals(all));
            assertThat(told(ann.user())).doesNotContain("left");
            ann.publish(room, "1");
            assertThat(watcher.message(room).get("payload").asInt()).isEqualTo(1);
        }
    }

    @Test
    void aNodeThatStoodStillAndGoesOnHasNoGhostsAndNoDoubles() {
        try (RawWebSocket ann = joined(goes).answeringPings()) {
            awaitTold(ann.user(), GRACE, "joined");
            goes.pause();
            try {
                awaitTold(ann.user(), EVICTION.plus(GRACE).plusSeconds(2), "joined", "left");
            } finally {
                goes.resume();
            }
            Map<String, Integer> all = new TreeMap<>(Map.of(watcher.user(), 1, ann.user(), 1));
            Awaitility.await().atMost(RESTATED).until(() -> members(stays).equals(all));
            awaitTold(ann.user(), GRACE, "joined", "left", "joined");
            ann.close(1000);
            Awaitility.await().atMost(EVICTION).until(() -> members(stays).equals(Map.of(watcher.user(), 1)));
            assertThat(told(ann.user())).containsExactly("joined", "left", "joined", "left");
        }
    }
}
