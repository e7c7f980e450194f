package dev.hubbub.redis;

import static dev.hubbub.cluster.RoomBusContract.get;
import static dev.hubbub.cluster.RoomBusContract.sender;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.cluster.Publication;
import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.Raw;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.support.RedisServer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ManyRoomsTest {
    private static final int ROOMS = 10_000;

    @Test
    void tenThousandRoomsNeedAHandfulOfConnections() throws Exception {
        try (RedisServer redis = RedisServer.start();
                RedisNode node = new RedisNode(redis).awaitHere()) {
            Heard heard = new Heard();
            List<CompletableFuture<Place>> attached = IntStream.range(0, ROOMS)
                    .mapToObj(i -> node.bus.attach(room(i), heard).toCompletableFuture())
                    .toList();
            CompletableFuture.allOf(attached.toArray(CompletableFuture[]::new)).get(2, TimeUnit.MINUTES);
            assertThat(redis.cli("PUBSUB", "CHANNELS", "hb:*").lines().count()).isEqualTo(ROOMS);
            assertThat(redis.cli("CLIENT", "LIST", "TYPE", "pubsub").lines().count())
                    .isLessThanOrEqualTo(4);
            assertThat(redis.cli("CLIENT", "LIST", "TYPE", "normal").lines().count())
                    .isLessThanOrEqualTo(10);
            get(node.bus.publish(room(ROOMS - 1), new Publication(Raw.body("1"), sender("ann"), null, true)));
            assertThat(heard.await(ROOMS + 1)).endsWith("1=1");
        }
    }

    private static RoomName room(int i) {
        return new RoomName("many:" + i);
    }
}
