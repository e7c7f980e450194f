package dev.hubbub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.cluster.ClusterHealth;
import dev.hubbub.cluster.Unavailable;
import dev.hubbub.config.Settings;
import dev.hubbub.support.RedisServer;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a node says that it has something in, over a real Redis. */
class HeldTest {
    private final RedisServer server = RedisServer.start();
    private final RedisLink link =
            new RedisLink(Settings.of(Map.of("hubbub.redis", server.url())), new ClusterHealth(Clock.systemUTC()));
    private final Lease lease = new Lease(link);
    private final Held held = new Held(link, lease);

    @BeforeEach
    void begin() {
        Awaitility.await().until(link::isHere);
    }

    @AfterEach
    void close() {
        link.close();
        server.close();
    }

    private String heldUnder(String name) {
        return PresenceNode.get(held.held(name));
    }

    @Test
    void aNameThatRedisLostIsStatedAgainThoughItHasAsManyOthers() {
        String key = Keyspace.held(PresenceNode.get(held.hold("room:a")));
        PresenceNode.get(held.hold("room:b"));
        PresenceNode.get(held.hold("room:c"));
        held.release("room:c");
        Awaitility.await().until(() -> held.count() == 2);
        server.cli("SREM", key, "room:a");
        server.cli("SADD", key, "room:released");
        PresenceNode.get(held.audit());
        assertThat(server.cli("SMISMEMBER", key, "room:a", "room:b", "room:c").lines())
                .containsExactly("1", "1", "0");
    }

    @Test
    void nothingIsMovedBackToAnIncarnationThatIsOver() {
        String former = PresenceNode.get(lease.granted());
        assertThat(PresenceNode.get(held.hold("room:a"))).isEqualTo(former);
        server.cli("ZADD", Keyspace.LEASES, "XX", "1", former);
        Awaitility.await().until(() -> !lease.isMine(former) && lease.isGranted());
        String own = PresenceNode.get(lease.granted());
        PresenceNode.get(held.move(own));
        assertThat(heldUnder("room:a")).isEqualTo(own);
        PresenceNode.get(held.move(former)); // an audit that began before
        assertThat(heldUnder("room:a")).isEqualTo(own);
    }

    @Test
    void whereNoLeaseIsGrantedWhoeverAsksIsToldSo() {
        String former = PresenceNode.get(lease.granted());
        server.cli("ACL", "SETUSER", "default", "resetkeys", "~" + Keyspace.PROBE, "~hb:held:*");
        Lease none = new Lease(link);
        assertThat(new Held(link, none).hold("room:a"))
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withCauseInstanceOf(Unavailable.class);
        assertThat(none.isGranted()).isFalse();
        assertThat(link.isHere()).isTrue();
        assertThat(lease.isMine(former)).isTrue();
    }
}
