package dev.hubbub.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.cluster.Rates;
import dev.hubbub.cluster.RatesContract;
import dev.hubbub.cluster.Unavailable;
import dev.hubbub.support.RedisServer;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisRatesTest extends RatesContract {
    @RegisterExtension
    static final NodeOnRedis REDIS = new NodeOnRedis(PresenceNode::new);

    @Override
    protected Rates rates() {
        return new RedisRates(REDIS.node().link()); // each call another node, as it were
    }

    @Override
    protected void pass(Duration time) {
        PassingTime.in(REDIS.server(), time);
    }

    @Override
    protected long slackMs() {
        return 5_000;
    }

    @Test
    void nothingIsKeptOfABucketThatIsFull() {
        PresenceNode.get(rates().take("short", 600));
        String key = Keyspace.rate("short");
        assertThat(Long.parseLong(REDIS.server().cli("PTTL", key))).isBetween(1L, 100L);
        Awaitility.await().until(() -> REDIS.server().cli("EXISTS", key).equals("0"));
    }

    @Test
    void whatIsNoTimeOfOursIsReplaced() {
        String key = Keyspace.rate("strange");
        for (String[] garbage : new String[][] {
            {"SET", key, "none"}, {"SET", key, "9e300"}, {"SET", key, "-1"}, {"LPUSH", key, "a list"}
        }) {
            REDIS.server().cli("DEL", key);
            REDIS.server().cli(garbage);
            long wait = PresenceNode.get(rates().take("strange", 2));
            assertThat(wait).as(garbage[2]).isBetween(0L, 30_000L);
        }
    }

    @Test
    void withoutRedisItFailsAtOnce() {
        RedisServer server = RedisServer.start();
        try (RedisNode node = new RedisNode(server).awaitHere()) {
            Rates rates = new RedisRates(node.link);
            server.close();
            Awaitility.await().until(() -> !node.link.isHere());
            assertThatThrownBy(() -> rates.take("a", 1).toCompletableFuture().join())
                    .hasCauseInstanceOf(Unavailable.class);
        }
    }
}
