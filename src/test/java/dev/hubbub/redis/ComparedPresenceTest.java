package dev.hubbub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.cluster.Message;
import dev.hubbub.cluster.PresenceState;
import dev.hubbub.cluster.RoomBus;
import dev.hubbub.cluster.RoomBusContract;
import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.support.RedisServer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a comparison with Redis says of a room's presence. */
class ComparedPresenceTest {
    private static final RoomName ROOM = new RoomName("compared:presence");

    private final Listener listener = new Listener();
    private RedisServer redis;
    private RedisNode node;

    private static final class Listener implements RoomBus.Listener {
        private final List<PresenceState> states = Collections.synchronizedList(new ArrayList<>());
        private volatile long known;
        private volatile String epoch = "";

        @Override
        public void onBegin(Place place, long first) {
            epoch = place.epoch();
        }

        @Override
        public void onMessage(Message message) {}

        @Override
        public long presenceRev(String of) {
            return of.equals(epoch) ? known : 0;
        }

        @Override
        public void onPresence(PresenceState state) {
            states.add(state);
        }
    }

    @BeforeEach
    void start() {
        redis = RedisServer.start();
        node = new RedisNode(redis).awaitHere();
        redis.cli("HSET", Keyspace.head(ROOM), "epoch", "e", "seq", "0", "mid", "-", "rev", "50");
        redis.cli("ZADD", Keyspace.names(ROOM), "0", "ann", "0", "ben");
        RoomBusContract.get(node.bus.attach(ROOM, listener));
    }

    @AfterEach
    void stop() {
        node.close();
        redis.close();
    }

    private PresenceState compared() {
        RoomBusContract.get(node.bus.refresh(ROOM));
        return listener.states.get(listener.states.size() - 1);
    }

    @Test
    void whereItStandsIsToldAtTheBeginningAndWithEachComparison() {
        assertThat(listener.states).containsExactly(new PresenceState("e", 50, 2));
        redis.cli("ZREM", Keyspace.names(ROOM), "ann");
        redis.cli("HINCRBY", Keyspace.head(ROOM), "rev", "1");
        assertThat(compared()).isEqualTo(new PresenceState("e", 51, 1));
    }

    @Test
    void revisionsThatRedisLostAreNotGivenAgain() {
        listener.known = 57;
        assertThat(compared()).isEqualTo(new PresenceState("e", 58, 2));
        assertThat(redis.cli("HGET", Keyspace.head(ROOM), "rev")).isEqualTo("58");
        assertThat(compared()).isEqualTo(new PresenceState("e", 58, 2));
    }

    @Test
    void whatWasKnownOfAnotherEpochCountsForNothing() {
        listener.known = 57;
        redis.cli("HSET", Keyspace.head(ROOM), "epoch", "f", "rev", "0");
        assertThat(compared()).isEqualTo(new PresenceState("f", 0, 2));
    }

    @Test
    void membersThatAreNotHubbubsAreNone() {
        redis.cli("SET", Keyspace.names(ROOM), "garbage");
        assertThat(compared()).isEqualTo(new PresenceState("e", 50, 0));
    }
}
