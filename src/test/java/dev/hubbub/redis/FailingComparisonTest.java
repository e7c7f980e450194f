package dev.hubbub.redis;

import static dev.hubbub.cluster.RoomBusContract.get;
import static dev.hubbub.cluster.RoomBusContract.sender;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.cluster.Message;
import dev.hubbub.cluster.Publication;
import dev.hubbub.cluster.RoomBus;
import dev.hubbub.cluster.Unavailable;
import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.Raw;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.support.Logged;
import dev.hubbub.support.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A room cannot be compared with Redis, for a reason that nobody foresaw. */
class FailingComparisonTest {
    private static final String BUG = "a bug in a listener";

    private final RoomName room = new RoomName("failing:room");
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

    private static class Broken implements RoomBus.Listener {
        @Override
        public void onBegin(Place place, long first) {
            if (place.seq() > 0) {
                throw new IllegalStateException(BUG);
            }
        }

        @Override
        public void onMessage(Message message) {}
    }

    private static void fails(CompletionStage<?> stage) {
        assertThat(stage.toCompletableFuture())
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withCauseInstanceOf(Unavailable.class);
    }

    @Test
    void whatNobodyForesawIsLoggedOnceAndTriedAgain() {
        try (Logged logged = new Logged()) {
            get(node.bus.attach(room, new Broken()));
            get(node.bus.publish(room, new Publication(Raw.body("1"), sender("ann"), null, true)));
            redis.cli("DEL", Keyspace.log(room));
            for (String seq : List.of("200", "300")) {
                redis.cli("HSET", Keyspace.head(room), "seq", seq, "mid", "far");
                fails(node.bus.refresh(room));
            }
            assertThat(logged.count("failing:room could not follow Redis")).isEqualTo(1);
            assertThat(logged.count("java.lang.IllegalStateException: " + BUG)).isPositive();
        }
    }

    @Test
    void garbageIsCountedAndThatRedisIsAwayIsSaidElsewhere() {
        try (Logged logged = new Logged()) {
            node.channels.failed(room, new CompletionException(new Note.Garbage("a field is no number")));
            node.channels.failed(room, new CompletionException(Unavailable.away()));
            assertThat(node.health.garbage.sum()).isEqualTo(1);
            assertThat(logged.count("came under hb:{failing:room}")).isEqualTo(1);
            assertThat(logged.count("could not follow Redis")).isZero();
        }
    }
}
