package dev.hubbub.redis;

import static dev.hubbub.cluster.RoomBusContract.get;
import static dev.hubbub.cluster.RoomBusContract.sender;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.cluster.Publication;
import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.Raw;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.support.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ManyRoomsTest {
    private static final int ROOMS = 10_000;

    @Test
    void tenThousandRoomsNeedAHandfulOfConnections() throws Exception {
        try (RedisServer redis = RedisServer.start();
                // all of them wait at once, the last one for all others
                RedisNode node = new RedisNode(redis.url(), Map.of("hubbub.redis.join-within", "PT1M")).awaitHere()) {
            Heard heard = new Heard();
            List<CompletableFuture<Place>> attached = IntStream.range(0, ROOMS)
                    .mapToObj(i -> node.bus.attach(room(i), heard).toCompletableFuture())
                    .toList();
            CompletableFuture.allOf(attached.toArray(CompletableFuture[]::new)).get(2, TimeUnit.MINUTES);
            assertThat(redis.cli("PUBSUB", "CHANNELS", "hb:*").lines().count()).isEqualTo(ROOMS);
            assertThat(redis.cli("CLIENT", "LIST", "TYPE", "pubsub").lines().count())
                    .isLessThanOrEqualTo(32);
            assertThat(redis.cli("CLIENT", "LIST", "TYPE", "normal").lines().count())
                    .isLessThanOrEqualTo(10);
            get(node.bus.publish(room(ROOMS - 1), new Publication(Raw.body("1"), sender("ann"), null, true)));
            assertThat(heard.await(ROOMS + 1)).endsWith("1=1");
        }
    }

    @Test
    void oneRoomMoreThanCanBeHadIsRefusedAtOnceAndWhoeverLeavesDoesNotWait() throws Exception {
        int most = 2 * 100 - Calls.CHANNELS;
        try (RedisServer redis = RedisServer.start();
                RedisNode node = new RedisNode(yaml(redis)).awaitHere()) {
            Heard heard = new Heard();
            for (int i = 0; i < most; i++) {
                get(node.bus.attach(room(i), heard));
            }
            for (int i = most; i < 2 * most; i++) {
                assertThat(node.bus.attach(room(i), heard).toCompletableFuture())
                        .failsWithin(Duration.ofSeconds(1))
                        .withThrowableThat()
                        .withMessageContaining("as many rooms as it can be");
            }
            assertThat(node.health.fullJoins.sum()).isEqualTo(most);
            node.bus.detach(room(0));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(1))
                    .until(() -> redis.cli("PUBSUB", "NUMSUB", Keyspace.channel(room(0)))
                            .endsWith("0"));
            Awaitility.await()
                    .until(() -> node.bus
                            .attach(room(most), heard)
                            .toCompletableFuture()
                            .handle((place, failure) -> failure == null)
                            .join());
        }
    }

    private static Path yaml(RedisServer redis) throws IOException {
        Path file = Files.createTempFile("redisson-", ".yaml");
        file.toFile().deleteOnExit();
        return Files.writeString(
                file,
                "singleServerConfig:\n  address: \"" + redis.url() + "\"\n  subscriptionConnectionPoolSize: 2\n"
                        + "  subscriptionConnectionMinimumIdleSize: 1\n  subscriptionsPerConnection: 100\n"
                        + "  connectionPoolSize: 4\n  connectionMinimumIdleSize: 1\n");
    }

    private static RoomName room(int i) {
        return new RoomName("many:" + i);
    }
}
