package dev.hubbub.redis;

import static dev.hubbub.cluster.RoomBusContract.get;
import static dev.hubbub.cluster.RoomBusContract.sender;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.cluster.Publication;
import dev.hubbub.cluster.PublishOutcome;
import dev.hubbub.protocol.Raw;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.support.RedisServer;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How much of a room its stream keeps, and that the room's head knows how many bytes that is. */
class KeptMessagesTest {
    private static final int BYTES = 65_536;
    private static final String COUNT_BYTES = """
            local sum = 0
            for _, entry in ipairs(redis.call('XRANGE', KEYS[1], '-', '+')) do
              for i = 1, #entry[2], 2 do
                sum = sum + (entry[2][i] == 'b' and #entry[2][i + 1] or 0)
              end
            end
            return sum
            """;

    private static RedisServer redis;
    private static RedisNode node;

    private final RoomName room = new RoomName("kept:" + UUID.randomUUID());

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
        node = new RedisNode(
                        redis.url(),
                        Map.of(
                                "hubbub.namespace.kept.history-size",
                                "70",
                                "hubbub.namespace.kept.history-bytes",
                                String.valueOf(BYTES)))
                .awaitHere();
    }

    @AfterAll
    static void stop() {
        node.close();
        redis.close();
    }

    private void publish(int count, String payload) {
        for (int i = 0; i < count; i++) {
            assertThat(get(node.bus.publish(room, new Publication(Raw.body(payload), sender("ann"), null, true))))
                    .isInstanceOf(PublishOutcome.Accepted.class);
        }
    }

    private long length() {
        return Long.parseLong(redis.cli("XLEN", Keyspace.log(room)));
    }

    private long bytes() {
        return Long.parseLong(redis.cli("HGET", Keyspace.head(room), "bytes"));
    }

    private void assertThatTheHeadKnowsTheBytes() {
        assertThat(redis.cli("EVAL", COUNT_BYTES, "1", Keyspace.log(room))).isEqualTo(String.valueOf(bytes()));
    }

    @Test
    void asManyMessagesAsThePolicySays() {
        publish(70, "1");
        assertThat(length()).isEqualTo(70);
        publish(30, "\"longer\"");
        assertThat(length()).isEqualTo(70);
        assertThatTheHeadKnowsTheBytes();
    }

    @Test
    void asManyBytesAsThePolicySays() {
        publish(20, "\"" + "x".repeat(10_000) + "\"");
        assertThat(length()).isEqualTo(6);
        assertThat(bytes()).isBetween(60_000L, (long) BYTES);
        publish(1, "\"" + "x".repeat(30_000) + "\"");
        assertThat(length()).isEqualTo(4);
        assertThatTheHeadKnowsTheBytes();
    }

    @Test
    void theLastOneIsKeptHoweverLargeItIs() {
        publish(3, "\"" + "x".repeat(BYTES) + "\"");
        assertThat(length()).isEqualTo(1);
        assertThatTheHeadKnowsTheBytes();
    }

    @Test
    void whatSomebodyElsePutThereGoesWithTheOldest() {
        redis.cli("XADD", Keyspace.log(room), "0-1", "t", "long ago");
        redis.cli("XADD", Keyspace.log(room), "0-2", "t", "1", "m", "1", "p", "-", "c", "no record");
        redis.cli("HSET", Keyspace.head(room), "epoch", "theirs", "seq", "0", "mid", "-", "bytes", "0");
        publish(100, "1");
        assertThat(length()).isEqualTo(70);
        assertThatTheHeadKnowsTheBytes();
    }
}
