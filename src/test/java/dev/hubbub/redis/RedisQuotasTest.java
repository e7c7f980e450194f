package dev.hubbub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.cluster.Quotas;
import dev.hubbub.cluster.QuotasContract;
import dev.hubbub.support.RedisServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisQuotasTest extends QuotasContract {
    @RegisterExtension
    static final NodeOnRedis REDIS = new NodeOnRedis(PresenceNode::quick);

    private RedisServer server;
    private PresenceNode node;

    @BeforeEach
    void start() {
        server = REDIS.server();
        node = REDIS.node();
    }

    @Override
    protected Quotas quotas() {
        return node.quotas();
    }

    private long taken(String name) {
        return Long.parseLong(server.cli("HLEN", Keyspace.quota(name)));
    }

    @Test
    void nodesCountTogether() {
        try (PresenceNode other = PresenceNode.quick(server)) {
            assertThat(node.quotas().take("together", 2)).isTrue();
            assertThat(other.quotas().take("together", 2)).isTrue();
            assertThat(node.quotas().take("together", 2)).isFalse();
            other.quotas().giveBack("together");
            Awaitility.await().until(() -> node.quotas().take("together", 2));
        }
    }

    @Test
    void whatADeadNodeTookIsGivenBack() {
        PresenceNode other = PresenceNode.quick(server);
        assertThat(other.quotas().take("dead", 2)).isTrue();
        assertThat(node.quotas().take("dead", 2)).isTrue();
        other.close();
        Awaitility.await().until(() -> taken("dead") == 1);
    }

    @Test
    void placesAreKeptUnderANewIncarnationAndOverAFlush() {
        assertThat(node.quotas().take("kept", 2)).isTrue();
        String before = node.incarnation();
        server.cli("FLUSHALL");
        Awaitility.await().until(() -> taken("kept") == 1);
        assertThat(node.incarnation()).isNotEqualTo(before);
        assertThat(server.cli("HVALS", Keyspace.quota("kept"))).isEqualTo(node.incarnation());
        Awaitility.await()
                .until(() -> server.cli("SISMEMBER", Keyspace.held(node.incarnation()), Keyspace.QUOTA + "kept")
                        .equals("1"));
    }

    @Test
    void nothingIsKeptOfAQuotaOfWhichAllIsGivenBack() {
        assertThat(node.quotas().take("gone", 2)).isTrue();
        String held = Keyspace.held(node.incarnation());
        node.quotas().giveBack("gone");
        Awaitility.await()
                .until(() ->
                        server.cli("SISMEMBER", held, Keyspace.QUOTA + "gone").equals("0"));
        assertThat(taken("gone")).isZero();
    }
}
