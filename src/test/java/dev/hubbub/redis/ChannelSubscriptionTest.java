package dev.hubbub.redis;

import static dev.hubbub.cluster.RoomBusContract.get;
import static dev.hubbub.cluster.RoomBusContract.sender;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.cluster.Publication;
import dev.hubbub.protocol.Raw;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.support.RedisServer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.redisson.api.RTopic;
import org.redisson.client.RedisTimeoutException;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.misc.CompletableFutureWrapper;

/** Subscriptions that do not come about as they should, over a real Redis. */
class ChannelSubscriptionTest {
    private final RoomName room = new RoomName("subscription:room");
    private final AtomicInteger resubscribed = new AtomicInteger();
    private RedisServer redis;
    private RedisNode node;

    @BeforeEach
    void start() {
        redis = RedisServer.start();
        node = new RedisNode(redis).awaitHere();
        node.channels.onResubscribe(name -> resubscribed.incrementAndGet());
    }

    @AfterEach
    void stop() {
        node.close();
        redis.close();
    }

    private String subscribers() {
        return redis.cli("PUBSUB", "NUMSUB", Keyspace.channel(room))
                .lines()
                .toList()
                .get(1);
    }

    @Test
    void oneThatFindsItsChannelSubscribedToNoticesTheNextLoss() {
        get(node.channels.open(room).stands());
        get(node.channels.open(room).stands());
        redis.cli("CLIENT", "KILL", "TYPE", "pubsub");
        Awaitility.await("both are told").until(() -> resubscribed.get() == 2);
    }

    /** The driver's topic, but for messages it cannot be listened to. */
    private RTopic withoutMessages() {
        RTopic real = node.link.client().getTopic(Keyspace.channel(room), ByteArrayCodec.INSTANCE);
        return (RTopic) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {RTopic.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("addListenerAsync") && arguments.length == 2) {
                        return new CompletableFutureWrapper<>(new RedisTimeoutException("no lock was had"));
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void oneThatIsHalfMadeLeavesNothingBehind() {
        ChannelSubscription half = new ChannelSubscription(room, withoutMessages(), node.channels);
        assertThat(half.stands().toCompletableFuture())
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withCauseInstanceOf(RedisTimeoutException.class);
        Awaitility.await().until(() -> subscribers().equals("0"));
    }

    @Test
    void aNodeThatDoesNotHearWhatItPublishesReadsItBack() {
        Heard heard = new Heard();
        get(node.bus.attach(room, heard));
        get(node.channels.close(room));
        node.bus.pass();
        get(node.bus.publish(room, new Publication(Raw.body("1"), sender("ann"), null, true)));
        assertThat(heard.lines()).containsExactly("begin 0");
        node.bus.pass();
        assertThat(heard.await(2)).containsExactly("begin 0", "1=1");
    }
}
