package dev.hubbub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.support.Api;
import dev.hubbub.support.Node;
import dev.hubbub.support.Nodes;
import dev.hubbub.support.RawWebSocket;
import dev.hubbub.support.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What a node does while Redis is away, is not there yet, or is of no use. */
class RedisAwayIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static int ready(Node node) {
        return Api.get(node, "/readyz").status();
    }

    @Test
    void connectionsStayNothingIsAcceptedAndLostAndItComesBackByItself() {
        String room = Nodes.room("chat");
        try (RedisServer redis = RedisServer.start("--appendonly", "yes", "--appendfsync", "always");
                Node node = Node.start("-Dhubbub.redis=" + redis.url());
                RawWebSocket ann = RawWebSocket.open(node)) {
            ann.join(room);
            ann.publish(room, "1");
            ann.message(room);
            redis.kill();
            Awaitility.await("refusals").atMost(PATIENCE).untilAsserted(() -> {
                JsonNode error = ann.fails("room.publish", "{\"room\":\"" + room + "\",\"payload\":2}");
                assertThat(error.get("code").asText()).isEqualTo("UNAVAILABLE");
                assertThat(error.get("retryAfterMs").asInt()).isPositive();
            });
            Awaitility.await("not ready").atMost(PATIENCE).until(() -> ready(node) == 503);
            assertThat(Api.get(node, "/healthz").status()).isEqualTo(200);
            try (RawWebSocket late = RawWebSocket.handshake(node, "/ws")) {
                assertThat(late.status()).isEqualTo(503);
                assertThat(late.headers()).containsKey("retry-after");
            }
            assertThat(Api.post(node, "/api/v1/rooms/" + room + "/messages", "{\"payload\":3}")
                            .status())
                    .isEqualTo(503);
            redis.restart();
            Awaitility.await("ready again").atMost(PATIENCE).until(() -> ready(node) == 200);
            JsonNode reply = ann.publish(room, "4");
            JsonNode message = ann.message(room);
            assertThat(message.get("seq")).isEqualTo(reply.get("seq"));
            assertThat(message.get("payload").asInt()).isEqualTo(4);
            assertThat(Api.metric(node, "hubbub_cluster_reconnects", "")).isPositive();
        }
    }

    @Test
    void aNodeThatStartsWithoutRedisIsNotReadyUntilItIsThere() throws Exception {
        RedisServer redis = RedisServer.start();
        redis.kill();
        try (Node node = Node.launch("-Dhubbub.dev=true", "-Dhubbub.redis=" + redis.url())) {
            Awaitility.await("alive")
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> Api.get(node, "/healthz").status() == 200);
            assertThat(ready(node)).isEqualTo(503);
            redis.restart();
            Awaitility.await("ready").atMost(PATIENCE).until(() -> ready(node) == 200);
            try (RawWebSocket ann = RawWebSocket.open(node)) {
                ann.join(Nodes.room("chat"));
            }
        } finally {
            redis.close();
        }
    }

    private static void assertStops(String option, String... words) throws Exception {
        try (Node node = Node.launch("-Dhubbub.dev=true", option)) {
            assertThat(node.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(node.process().exitValue()).isEqualTo(78);
            String last = node.log().lines().reduce("", (before, line) -> line);
            assertThat(last).startsWith("configuration: ").contains(words);
            assertThat(node.log()).doesNotContain("\tat ");
        }
    }

    @Test
    void aRedisThatEvictsStopsTheStart() throws Exception {
        try (RedisServer redis = RedisServer.start("--maxmemory-policy", "allkeys-lru")) {
            assertStops("-Dhubbub.redis=" + redis.url(), "hubbub.redis", "noeviction", "allkeys-lru");
        }
    }

    @Test
    void aRedisThatRefusesThePasswordStopsTheStart() throws Exception {
        try (RedisServer redis = RedisServer.start("--requirepass", "secret-word")) {
            assertStops("-Dhubbub.redis=" + redis.url(), "hubbub.redis", "NOAUTH");
            assertStops("-Dhubbub.redis=redis://:wrong@127.0.0.1:" + redis.port(), "hubbub.redis", "WRONGPASS");
        }
    }

    @Test
    void aFileThatReadsFromReplicasStopsTheStart() throws IOException, Exception {
        Path file = Files.createTempFile("redisson-", ".yaml");
        Files.writeString(
                file, "sentinelServersConfig:\n  masterName: m\n  sentinelAddresses: [\"redis://127.0.0.1:1\"]\n");
        assertStops("-Dhubbub.redis.config=" + file, "hubbub.redis.config", "MASTER");
        Files.writeString(file, "nonsense: [");
        assertStops("-Dhubbub.redis.config=" + file, "hubbub.redis.config", "YAML");
        Files.delete(file);
    }
}
