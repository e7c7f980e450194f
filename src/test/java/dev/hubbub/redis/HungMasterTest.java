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
import dev.hubbub.support.Race;
import dev.hubbub.support.RedisCluster;
import dev.hubbub.support.RedisServer;
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
import org.junit.jupiter.api.Test;
import org.redisson.Redisson;

/** One of three masters takes what it is sent, and does not answer: its rooms fail, those of the others do not notice. */
class HungMasterTest {
    private static final Publication ONE = new Publication(Raw.body("1"), sender("ann"), null, true);

    private final Heard heard = new Heard();

    /** A cluster, and a node on it. */
    private record Setting(RedisCluster cluster, RedisNode node) implements AutoCloseable {
        static Setting start() {
            RedisCluster cluster = RedisCluster.start();
            Map<String, String> options = Map.of("hubbub.redis.queued-publishes", "300");
            return new Setting(cluster, new RedisNode(cluster.yaml(), options).awaitHere());
        }

        RedisServer master(int index) {
            return cluster.masters().get(index);
        }

        RedisRoomBus bus() {
            return node.bus;
        }

        int masterOf(String key) {
            var manager = ((Redisson) node.link.client()).getCommandExecutor().getConnectionManager();
            return cluster.masterOf(manager.calcSlot(key));
        }

        private boolean isOn(int master, RoomName room) {
            return masterOf(Keyspace.channel(room)) == master;
        }

        /** Ever new rooms of a master, or of the others. */
        Iterator<RoomName> rooms(String prefix, int master, boolean on) {
            return IntStream.iterate(0, i -> i + 1)
                    .mapToObj(i -> new RoomName(prefix + ":" + i))
                    .filter(room -> isOn(master, room) == on)
                    .iterator();
        }

        @Override
        public void close() {
            node.close();
            cluster.close();
        }
    }

    private record Answer(long afterMs, Object what) {}

    private static <T> CompletableFuture<Answer> answer(CompletableFuture<T> stage) {
        long begun = System.nanoTime();
        return stage.handle((done, failure) ->
                new Answer(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun), failure == null ? done : failure));
    }

    /** Each of the masters hangs, on a cluster of its own. */
    @Test
    void roomsOfTheOtherMastersDoNotNotice() {
        try (Logged logged = new Logged()) {
            Race.run(RedisCluster.MASTERS, hung -> {
                try (Setting setting = Setting.start()) {
                    othersDoNotNotice(setting, hung);
                }
                return hung;
            });
            assertThat(logged.count(" failed: ")).as("complaints of all").isLessThan(20);
        }
    }

    private void othersDoNotNotice(Setting setting, int hung) throws InterruptedException {
        Iterator<RoomName> lost = setting.rooms("lost", hung, true);
        Iterator<RoomName> well = setting.rooms("well", hung, false);
        RoomName steady = well.next();
        RedisRoomBus bus = setting.bus();
        get(bus.attach(steady, heard));
        AtomicInteger asked = new AtomicInteger();
        Queue<CompletableFuture<Answer>> joins = new ConcurrentLinkedQueue<>();
        Queue<CompletableFuture<Answer>> publishes = new ConcurrentLinkedQueue<>();
        ScheduledExecutorService clients = Executors.newSingleThreadScheduledExecutor();
        setting.master(hung).pause();
        try {
            clients.scheduleAtFixedRate(
                    () -> {
                        RoomName room = lost.next();
                        var unused = bus.attach(room, heard);
                        for (int i = 0; i < 10; i++) {
                            var ignored = bus.publish(room, ONE);
                        }
                        if (asked.incrementAndGet() % 5 == 0) {
                            joins.add(answer(bus.attach(well.next(), heard).toCompletableFuture()));
                            publishes.add(answer(bus.publish(steady, ONE).toCompletableFuture()));
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
        } finally {
            clients.shutdownNow();
            setting.master(hung).resume();
        }
    }

    @Test
    void whatIsMissedOfOthersIsReadBackAlsoWhileTheOneHangsThatAllShare() {
        try (Setting setting = Setting.start()) {
            int shared = setting.masterOf(Keyspace.PROBE);
            RoomName room = setting.rooms("well", shared, false).next();
            get(setting.bus().attach(room, heard));
            get(setting.bus().publish(room, ONE));
            heard.await(2);
            setting.master(shared).pause();
            try {
                Awaitility.await().until(() -> !setting.node().link.isHere());
                String channel = Keyspace.channel(room);
                List<String> keys = List.of(Keyspace.head(room), Keyspace.log(room), Keyspace.batch(room, "other"));
                Object record = new StoredMessage(ONE.body(), ONE.from(), null).bytes();
                get(setting.node()
                        .link
                        .run(
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
                setting.bus().pass();
                heard.await(3);
            } finally {
                setting.master(shared).resume();
            }
        }
    }

    @Test
    void whatIsAskedOfAHungMasterIsSoonRefusedAtOnceAndDoneWhenItIsBack() {
        try (Setting setting = Setting.start()) {
            RedisRoomBus bus = setting.bus();
            RedisServer hung = setting.master(1);
            Iterator<RoomName> lost = setting.rooms("lost", 1, true);
            RoomName left = lost.next();
            get(bus.attach(left, heard));
            hung.pause();
            Awaitility.await().until(() -> setting.node().health.partsAway() == 1);
            RoomName room = lost.next();
            assertThat(bus.attach(room, heard).toCompletableFuture()).isCompletedExceptionally();
            assertThat(bus.publish(room, ONE).toCompletableFuture())
                    .isCompletedWithValueMatching(outcome -> outcome instanceof PublishOutcome.Refused refused
                            && refused.refusal().code() == ErrorCode.UNAVAILABLE);
            bus.detach(left);
            hung.resume();
            Awaitility.await().until(() -> setting.node().health.partsAway() == 0);
            get(bus.attach(room, heard));
            assertThat(get(bus.publish(room, ONE))).isInstanceOf(PublishOutcome.Accepted.class);
            Awaitility.await("it is detached")
                    .until(
                            () -> hung.cli("PUBSUB", "SHARDCHANNELS").lines().toList(),
                            channels -> channels.contains(Keyspace.channel(room))
                                    && !channels.contains(Keyspace.channel(left)));
        }
    }
}
