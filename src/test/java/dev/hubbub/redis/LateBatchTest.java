package dev.hubbub.redis;

import static dev.hubbub.cluster.RoomBusContract.get;
import static dev.hubbub.cluster.RoomBusContract.sender;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hubbub.cluster.Publication;
import dev.hubbub.cluster.PublishOutcome;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Raw;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.support.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.redisson.client.RedisException;

/** A batch stays on the way to Redis for longer than it is known there that it was done. */
class LateBatchTest {
    private static final Script PUBLISH = Script.of("publish");
    private static final Duration LONG = Duration.ofSeconds(61);

    private final RoomName room = new RoomName("late:room");
    private RedisServer redis;
    private RedisNode node;

    @BeforeEach
    void start() {
        redis = RedisServer.start();
        node = new RedisNode(redis).awaitHere();
    }

    @AfterEach
    void stop() {
        node.close();
        redis.close();
    }

    private long redisTime() {
        return Long.parseLong(redis.cli("TIME").lines().findFirst().orElseThrow()) * 1_000;
    }

    private CompletableFuture<List<Object>> publish(int number, long until) {
        List<String> keys = List.of(Keyspace.head(room), Keyspace.log(room), Keyspace.batch(room, "sender"));
        String channel = Keyspace.channel(room);
        return node.link.run(
                PUBLISH, keys, "epoch", number, "PUBLISH", channel, 64, 1 << 20, 3_600_000, 900_000, 300_000, until,
                "{}", "id", 0, "print", 0);
    }

    private String kept() {
        return redis.cli("XLEN", Keyspace.log(room));
    }

    @Test
    void itIsNotDoneAgain() {
        long until = redisTime() + 30_000;
        List<String> answer =
                get(publish(1, until)).stream().map(RedisLink::text).toList();
        assertThat(get(publish(1, until)).stream().map(RedisLink::text)).containsExactlyElementsOf(answer);
        redis.pass(LONG);
        // and Redis's clock, which cannot be set, has gone on as well
        assertThat(publish(1, until - LONG.toMillis()))
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withCauseInstanceOf(RedisException.class)
                .withMessageContaining("STALE");
        assertThat(kept()).isEqualTo("1");
    }

    @Test
    void aNodeKnowsRedissTime() {
        assertThat(Long.parseLong(
                        node.link.masters().of(Keyspace.head(room)).clock().in(30_000)))
                .isCloseTo(redisTime() + 30_000, within(5_000L));
    }

    @Test
    void whoeverPublishedItIsToldThatNobodyKnows() {
        Publication one = new Publication(Raw.body("1"), sender("ann"), null, true);
        assertThat(get(node.bus.publish(room, one))).isInstanceOf(PublishOutcome.Accepted.class);
        String batch = redis.cli("KEYS", Keyspace.batch(room, "*"));
        redis.cli("SET", batch, "1000 []");
        assertThat(get(node.bus.publish(room, one)))
                .isInstanceOfSatisfying(
                        PublishOutcome.Refused.class,
                        refused -> assertThat(refused.refusal().code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
    }
}
