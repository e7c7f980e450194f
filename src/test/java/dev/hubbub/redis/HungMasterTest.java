package dev.hubbub.redis;

import static dev.hubbub.cluster.RoomBusContract.get;
import static dev.hubbub.cluster.RoomBusContract.sender;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.cluster.Publication;
import dev.hubbub.cluster.PublishOutcome;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.Raw;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.StoredMessage;
import dev.hubbub.support.Logged;
import dev.hubbub.support.RedisCluster;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.redisson.Redisson;

/** One of three masters takes what it is sent, and does not answer: its rooms fail, those of the others do not notice. */
class HungMasterTest {
    private static final Publication ONE = new Publication(Raw.body("1"), sender("ann"), null, true);

    private final Heard heard = new Heard();
    private RedisCluster cluster;
    private RedisNode node;

    @BeforeEach
    void start() {
        cluster = RedisCluster.start();
        node = new RedisNode(cluster.yaml(), Map.of("hubbub.redis.queued-publishes", "300")).awaitHere();
    }

    @AfterEach
    void stop() {
        node.close();
        cluster.close();
    }

    private int masterOf(String key) {
        var manager = ((Redisson) node.link.client()).getCommandExecutor().getConnectionManager();
        return cluster.masterOf(manager.calcSlot(key));
    }

    private boolean isOn(int master, RoomName room) {
        return masterOf(Keyspace.channel(room)) == master;
    }

    /** Ever new rooms of a master, or of the others. */
    private Iterator<RoomName> rooms(String prefix, int master, boolean on) {
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> new RoomName(prefix + ":" + i))
                .filter(room -> isOn(master, room) == on)
                .iterator();
    }

    private record Answer(long afterMs, Object what) {}

    private static <T> CompletableFuture<Answer> answer(CompletableFuture<T> stage) {
        long begun = System.nanoTime();
        return stage.handle((done, failure) ->
                new Answer(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun), failure == null ? done : failure));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void roomsOfTheOtherMastersDoNotNotice(int hung) throws Exception {
        Iterator<RoomName> lost = rooms("lost", hung, true);
        Iterator<RoomName> well = rooms("well", hung, false);
        RoomName steady = well.next();
        get(node.bus.attach(steady, heard));
        AtomicInteger asked = new AtomicInteger();
        Queue<CompletableFuture<Answer>> joins = new ConcurrentLinkedQueue<>();
        Queue<CompletableFuture<Answer>> publishes = new ConcurrentLinkedQueue<>();
        ScheduledExecutorService clients = Executors.newSingleThreadScheduledExecutor();
        cluster.masters().get(hung).pause();
        try (Logged logged = new Logged()) {
            clients.scheduleAtFixedRate(
                    () -> {
                        RoomName room = lost.next();
                        var unused = node.bus.attach(room, heard);
                        for (int i = 0; i < 10; i++) {
                            var ignored = node.bus.publish(room, ONE);
                        }
                        if (asked.incrementAndGet() % 5 == 0) {
                            joins.add(answer(node.bus.attach(well.next(), heard).toCompletableFuture()));
                            publishes.add(answer(node.bus.publish(steady, ONE).toCompletableFuture()));
                        }
                    },
                    0,
                    1_000 / 30,
                    TimeUnit.MILLISECONDS);
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> asked.get() >= 400);
            clients.shutdown();
            assertThat(clients.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
            assertThat(joins)
                    .hasSizeGreaterThanOrEqualTo(80)
                    .allSatisfy(join -> assertThat(get(join).what()).isInstanceOf(Place.class));
            assertThat(joins).allSatisfy(join -> assertThat(get(join).afterMs()).isLessThan(1_000));
            assertThat(publishes).allSatisfy(publish -> {
                assertThat(get(publish).what()).isInstanceOf(PublishOutcome.Accepted.class);
                assertThat(get(publish).afterMs()).isLessThan(1_000);
            });
            assertThat(logged.count(" failed: ")).as("complaints").isLessThan(20);
        } finally {
            clients.shutdownNow();
            cluster.masters().get(hung).resume();
        }
    }

    @Test
    void whatIsMissedOfOthersIsReadBackAlsoWhileTheOneHangsThatAllShare() {
        int shared = masterOf(Keyspace.PROBE);
        RoomName room = rooms("well", shared, false).next();
        get(node.bus.attach(room, heard));
        get(node.bus.publish(room, ONE));
        heard.await(2);
        cluster.masters().get(shared).pause();
        try {
            Awaitility.await().until(() -> !node.link.isHere());
            String channel = Keyspace.channel(room);
            List<String> keys = List.of(Keyspace.head(room), Keyspace.log(room), Keyspace.batch(room, "other"));
            Object record = new StoredMessage(ONE.body(), ONE.from(), null).bytes();
            get(node.link.run(
                    Script.of("publish"),
                    keys,
                    "epoch",
                    1,
                    "SPUBLISH",
                    channel + ":nobody",
                    64,
                    1 << 20,
                    3_600_000,
                    900_000,
                    300_000,
                    "",
                    record,
                    "id",
                    0,
                    "print",
                    0));
            node.bus.pass();
            heard.await(3);
        } finally {
            cluster.masters().get(shared).resume();
        }
    }

    @Test
    void whatIsAskedOfAHungMasterIsSoonRefusedAtOnceAndDoneWhenItIsBack() {
        Iterator<RoomName> lost = rooms("lost", 1, true);
        RoomName left = lost.next();
        get(node.bus.attach(left, heard));
        cluster.masters().get(1).pause();
        Awaitility.await().until(() -> node.health.partsAway() == 1);
        RoomName room = lost.next();
        assertThat(node.bus.attach(room, heard).toCompletableFuture()).isCompletedExceptionally();
        assertThat(node.bus.publish(room, ONE).toCompletableFuture())
                .isCompletedWithValueMatching(outcome -> outcome instanceof PublishOutcome.Refused refused
                        && refused.refusal().code() == ErrorCode.UNAVAILABLE);
        node.bus.detach(left);
        cluster.masters().get(1).resume();
        Awaitility.await().until(() -> node.health.partsAway() == 0);
        get(node.bus.attach(room, heard));
        assertThat(get(node.bus.publish(room, ONE))).isInstanceOf(PublishOutcome.Accepted.class);
        Awaitility.await("it is detached")
                .until(
                        () -> cluster.masters()
                                .get(1)
                                .cli("PUBSUB", "SHARDCHANNELS")
                                .lines()
                                .toList(),
                        channels -> channels.contains(Keyspace.channel(room))
                                && !channels.contains(Keyspace.channel(left)));
    }
}
