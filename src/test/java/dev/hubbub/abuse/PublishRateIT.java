package dev.hubbub.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.support.Api;
import dev.hubbub.support.Node;
import dev.hubbub.support.RawWebSocket;
import dev.hubbub.support.RedisServer;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A user's publishes are counted together, whatever they come by and to whichever node; of thirty a minute. Anonymous users,
 * as all are here, count by their address, so each test has one of its own for what others must not use up.
 */
class PublishRateIT {
    private static final int A_MINUTE = 30;

    private static RedisServer redis;
    private static Node one;
    private static Node two;

    private static Node node() {
        return Node.begin(
                "-Dhubbub.redis=" + redis.url(),
                "-Dhubbub.auth.anonymous-secret=" + "s".repeat(32),
                "-Dhubbub.limits.messages-per-second=100000",
                "-Dhubbub.limits.messages-burst=100000",
                "-Dhubbub.limits.refusals-per-minute=20",
                "-Dhubbub.namespace.slow.publishes-per-minute=" + A_MINUTE);
    }

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
        one = node();
        two = node();
        one.awaitReady();
        two.awaitReady();
    }

    @AfterAll
    static void stop() {
        one.close();
        two.close();
        redis.close();
    }

    private static String[] bearer(RawWebSocket user) {
        return new String[] {"Authorization", "Bearer " + user.anon()};
    }

    private static Api.Reply post(Node node, String room, String... headers) {
        return Api.post(node, "/api/v1/rooms/" + room + "/messages", "{\"payload\":1}", headers);
    }

    private static void assertTold(JsonNode error) {
        assertThat(error.get("code").asText()).isEqualTo("RESOURCE_EXHAUSTED");
        assertThat(error.get("retryAfterMs").asInt()).isBetween(1, 60_000 / A_MINUTE);
    }

    @Test
    void socketsAndRequestsOnAllNodesTakeFromOneBucket() {
        try (RawWebSocket ann = RawWebSocket.open(one);
                RawWebSocket tab = RawWebSocket.open(two, "/ws?anon=" + ann.anon());
                RawWebSocket bob = RawWebSocket.openFrom(two, "127.0.0.7", "/ws")) {
            long begun = System.nanoTime();
            int taken = 0;
            List<RawWebSocket> sockets = List.of(ann, tab);
            for (int i = 0; i < A_MINUTE; i++) {
                String data = "{\"room\":\"slow:" + i % 3 + "\",\"payload\":1}";
                taken += isTaken(sockets.get(i % 2).request("room.publish", data)) ? 1 : 0;
                taken += post(i % 2 == 0 ? one : two, "slow:http", bearer(ann)).status() == 201 ? 1 : 0;
            }
            long refilled = (System.nanoTime() - begun) / 1_000_000 * A_MINUTE / 60_000 + 1;
            assertThat((long) taken).isBetween((long) A_MINUTE, A_MINUTE + refilled);
            refusedEverywhere(ann);
            bob.publish("slow:0", "1");
            ann.publish("quick:0", "1");
            assertThat(post(two, "slow:http").status()).isEqualTo(201); // a backend
        }
    }

    private static boolean isTaken(JsonNode answer) {
        return !answer.get("type").asText().equals("error");
    }

    /** Until one is refused: some time has passed, and let a few more in. */
    private static void refusedEverywhere(RawWebSocket ann) {
        Awaitility.await().untilAsserted(() -> {
            Api.Reply reply = post(two, "slow:http", bearer(ann));
            assertThat(reply.status()).isEqualTo(429);
            assertThat(Integer.parseInt(reply.header("Retry-After"))).isBetween(1, 2);
            assertTold(reply.body());
        });
        String batchOfFive = "{\"rooms\":[\"slow:b\",\"slow:c\",\"slow:d\",\"slow:e\",\"slow:f\"],\"payload\":1}";
        JsonNode batch = Api.post(one, "/api/v1/messages", batchOfFive, bearer(ann))
                .body()
                .get("items");
        assertThat(batch).hasSize(5);
        assertTold(batch.get(4).get("error"));
    }

    @Test
    void whoIsToldToWaitTooOftenEndsWith4204() {
        long before = Api.metric(one, "hubbub_refused", "\"publish_rate\"");
        try (RawWebSocket ann = RawWebSocket.openFrom(one, "127.0.0.8", "/ws")) {
            for (int i = 0; i < A_MINUTE + 40; i++) {
                ann.tell("room.publish", "{\"room\":\"slow:" + i % 2 + "\",\"payload\":1}");
            }
            assertTold(ann.next("error").get("data"));
            assertThat(ann.end().code()).isEqualTo(4204);
        }
        assertThat(Api.metric(one, "hubbub_refused", "\"publish_rate\"")).isGreaterThanOrEqualTo(before + 20);
    }

    /** Each on a Redis of its own, which is gone. */
    @Test
    void withoutRedisItIsUnavailable() {
        RedisServer other = RedisServer.start();
        try (Node alone = Node.start(
                        "-Dhubbub.redis=" + other.url(), "-Dhubbub.namespace.slow.publishes-per-minute=" + A_MINUTE);
                RawWebSocket ann = RawWebSocket.open(alone)) {
            ann.publish("slow:a", "1");
            other.close();
            Awaitility.await().untilAsserted(() -> {
                JsonNode error = ann.fails("room.publish", "{\"room\":\"slow:a\",\"payload\":1}");
                assertThat(error.get("code").asText()).isEqualTo("UNAVAILABLE");
                assertThat(error.get("retryAfterMs").asInt()).isPositive();
            });
        }
    }
}
