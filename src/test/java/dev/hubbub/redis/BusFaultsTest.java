package dev.hubbub.redis;

import static dev.hubbub.cluster.RoomBusContract.get;
import static dev.hubbub.cluster.RoomBusContract.sender;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.cluster.Message;
import dev.hubbub.cluster.Publication;
import dev.hubbub.cluster.PublishOutcome;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.Raw;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.support.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes on a Redis to which something happens. */
class BusFaultsTest {
    private final RoomName room = new RoomName("faults:" + UUID.randomUUID());
    private final Heard heard = new Heard();
    private RedisServer redis;
    private RedisNode one;
    private RedisNode two;

    @BeforeEach
    void start() {
        redis = RedisServer.start();
        one = new RedisNode(redis).awaitHere();
        two = new RedisNode(redis).awaitHere();
        get(one.bus.attach(room, heard));
    }

    @AfterEach
    void stop() {
        one.close();
        two.close();
        redis.close();
    }

    private PublishOutcome publish(RedisNode node, String payload) {
        return get(node.bus.publish(room, new Publication(Raw.body(payload), sender("ann"), null, true)));
    }

    private Place published(RedisNode node, String payload) {
        return ((PublishOutcome.Accepted) publish(node, payload)).place();
    }

    private String[] numbered(int count) {
        return LongStream.rangeClosed(0, count)
                .mapToObj(i -> i == 0 ? "begin 0" : i + "=" + i)
                .toArray(String[]::new);
    }

    private String head(String field) {
        return redis.cli("HGET", Keyspace.head(room), field);
    }

    @Test
    void aMessageReachesTheOtherNode() {
        assertThat(published(two, "1")).isEqualTo(new Place(heard.epoch(), 1));
        assertThat(heard.await(2)).containsExactly(numbered(1));
    }

    @Test
    void aPublishIsOneRequest() {
        long before = two.health.requests.sum();
        IntStream.rangeClosed(1, 5).forEach(i -> published(two, String.valueOf(i)));
        heard.await(6);
        // and at most one probe in that time
        assertThat(two.health.requests.sum() - before).isBetween(5L, 6L);
    }

    @Test
    void aRedisThatHasForgottenItsScriptsIsTaughtThemAgain() {
        published(two, "1");
        long failures = two.health.failures.sum();
        redis.cli("SCRIPT", "FLUSH");
        published(two, "2");
        // under the name by which it is asked for: else each publish would be asked for twice
        assertThat(redis.cli("SCRIPT", "EXISTS", Script.of("publish").sha())).isEqualTo("1");
        published(two, "3");
        assertThat(heard.await(4)).containsExactly(numbered(3));
        assertThat(two.health.failures.sum()).isEqualTo(failures);
    }

    @Test
    void whatASubscriptionMissedIsReadBack() {
        published(two, "1");
        heard.await(2);
        for (int i = 2; i <= 40; i++) {
            if (i % 10 == 0) {
                redis.cli("CLIENT", "KILL", "TYPE", "pubsub");
            }
            published(two, String.valueOf(i));
        }
        assertThat(heard.await(41)).containsExactly(numbered(40));
    }

    @Test
    void aMessageThatWasNeverSaidIsReadBackWithTheNext() {
        published(two, "1");
        heard.await(2);
        // as if the channel had lost it
        String id = head("mid");
        redis.cli("XADD", Keyspace.log(room), "2-0", "t", "1", "m", "lost", "p", id, "b", record());
        redis.cli("HSET", Keyspace.head(room), "seq", "2", "mid", "lost");
        published(two, "3");
        assertThat(heard.await(4)).containsExactly(numbered(3));
        assertThat(one.health.filled.sum()).isEqualTo(2);
    }

    private static String record() {
        return "{\"u\":\"ann\",\"n\":\"c\",\"p\":2}";
    }

    @Test
    void aRoomThatRedisLostBeginsAnew() {
        published(two, "1");
        heard.await(2);
        String before = heard.epoch();
        redis.cli("FLUSHALL");
        assertThat(published(two, "1").seq()).isEqualTo(1);
        assertThat(heard.await(4)).containsExactly("begin 0", "1=1", "begin 0", "1=1");
        assertThat(heard.epoch()).isNotEqualTo(before);
    }

    @Test
    void placesThatAreGivenTwiceEndTheEpoch() {
        IntStream.rangeClosed(1, 3).forEach(i -> published(two, String.valueOf(i)));
        heard.await(4);
        String before = heard.epoch();
        // a replica that had not seen the last two takes over
        String log = Keyspace.log(room);
        String first =
                redis.cli("--raw", "XRANGE", log, "1-0", "1-0").lines().toList().get(4);
        redis.cli("XTRIM", log, "MAXLEN", "0");
        redis.cli("DEL", log);
        redis.cli("XADD", log, "1-0", "t", "1", "m", first, "p", "-", "b", record());
        redis.cli("HSET", Keyspace.head(room), "seq", "1", "mid", first);
        assertThat(published(two, "\"other\"")).isEqualTo(new Place(before, 2));
        Awaitility.await().until(() -> !heard.epoch().equals(before));
        // acknowledged under the old numbering, and told by a reset: nothing is delivered at a place that was given
        // before
        assertThat(heard.lines()).doesNotContain("2=\"other\"");
        Awaitility.await().until(() -> head("epoch").equals(heard.epoch()));
        published(two, "\"after\"");
        assertThat(heard.await(6)).endsWith("begin 0", "1=\"after\"");
    }

    @Test
    void aNextMessageWithAnotherPastIsNotTaken() {
        IntStream.rangeClosed(1, 2).forEach(i -> published(two, String.valueOf(i)));
        heard.await(3);
        String before = heard.epoch();
        // the place of the second was given to another, and this node was not told
        String log = Keyspace.log(room);
        redis.cli("DEL", log);
        redis.cli("XADD", log, "2-0", "t", "1", "m", "other", "p", "whatever", "b", record());
        redis.cli("HSET", Keyspace.head(room), "mid", "other");
        published(two, "3");
        Awaitility.await().until(() -> !heard.epoch().equals(before));
        assertThat(heard.lines()).doesNotContain("3=3");
    }

    @Test
    void aHoleThatIsKeptNoLongerIsTold() {
        RoomName small = new RoomName("small:" + UUID.randomUUID());
        try (RedisNode node =
                new RedisNode(redis.url(), Map.of("hubbub.namespace.small.history-size", "10")).awaitHere()) {
            Heard own = new Heard();
            get(node.bus.attach(small, own));
            Publication one = new Publication(Raw.body("1"), sender("ann"), null, true);
            get(node.bus.publish(small, one));
            own.await(2);
            redis.cli("DEL", Keyspace.log(small));
            redis.cli("HSET", Keyspace.head(small), "seq", "200", "mid", "far");
            get(node.bus.publish(small, one));
            assertThat(own.await(4)).containsExactly("begin 0", "1=1", "begin 200", "201=1");
        }
    }

    @Test
    void whatIsNotOursHarmsNobody() {
        published(two, "1");
        heard.await(2);
        String channel = Keyspace.channel(room);
        List<String> junk = List.of(
                "",
                "x",
                "m",
                "m ",
                "m x",
                "m  1 1 a b",
                "m " + heard.epoch() + " 2 1 a b\nnothing",
                "m " + heard.epoch() + " 2 1 a " + head("mid") + "\n{\"u\":\"ann\",\"n\":\"c\",\"p\":nope}",
                "m " + heard.epoch() + " -5 1 a b\n{}",
                "e",
                "e x y\n{}",
                "f",
                "p 1",
                "z 1 2 3",
                "\u0001\u0002");
        junk.forEach(text -> redis.cli("PUBLISH", channel, text));
        published(two, "2");
        assertThat(heard.await(3)).containsExactly(numbered(2));
        assertThat(one.health.garbage.sum()).isGreaterThanOrEqualTo(8);
    }

    @Test
    void aRecordThatIsNotOursIsAHoleThatIsTold() {
        published(two, "1");
        heard.await(2);
        redis.cli("XADD", Keyspace.log(room), "2-0", "t", "1", "m", "junk", "p", head("mid"), "b", "{\"u\":no json}");
        redis.cli("HSET", Keyspace.head(room), "seq", "2", "mid", "junk");
        published(two, "3");
        assertThat(heard.await(4)).containsExactly("begin 0", "1=1", "begin 2", "3=3");
        published(two, "4");
        assertThat(heard.await(5)).endsWith("4=4");
        assertThat(one.health.garbage.sum()).isPositive();
        Place all = new Place(heard.epoch(), 1);
        assertThat(get(two.bus.read(room, all, 5)))
                .extracting(m -> m.place().seq())
                .containsExactly(3L, 4L);
    }

    @Test
    void keysThatAreNotOursAreAsGoodAsLost() {
        published(two, "1");
        heard.await(2);
        String head = Keyspace.head(room);
        String log = Keyspace.log(room);
        int lines = 2;
        for (List<String> command : List.of(
                List.of("SET", head, "junk"),
                List.of("HSET", head, "seq", "many"),
                List.of("HSET", head, "epoch", "not an epoch"),
                List.of("XADD", log, "999999999-0", "a", "b"),
                List.of("SET", log, "junk"))) {
            if (command.get(0).equals("SET")) {
                redis.cli("DEL", command.get(1));
            }
            redis.cli(command.toArray(String[]::new));
            String before = heard.epoch();
            published(two, "1");
            lines += 2;
            assertThat(heard.await(lines)).as("%s", command).endsWith("begin 0", "1=1");
            assertThat(heard.epoch()).as("%s", command).isNotEqualTo(before);
        }
    }

    @Test
    void aMessageThatCouldNotBeTakenIsReadBack() {
        RoomName other = new RoomName("faults:" + UUID.randomUUID());
        Heard failing = new Heard() {
            private boolean failed;

            @Override
            public void onMessage(Message message) {
                if (message.place().seq() == 2 && !failed) {
                    failed = true;
                    throw new OutOfMemoryError("planted");
                }
                super.onMessage(message);
            }
        };
        get(one.bus.attach(other, failing));
        for (int i = 1; i <= 3; i++) {
            get(two.bus.publish(other, new Publication(Raw.body(String.valueOf(i)), sender("ann"), null, true)));
        }
        // it begins anew behind the one that it has, and nobody's cursor moves
        assertThat(failing.await(5)).containsExactly("begin 0", "1=1", "begin 1", "2=2", "3=3");
    }

    @Test
    void aBeginningThatCouldNotBeTakenIsToldAgainThoughNothingElseComes() {
        RoomName other = new RoomName("faults:" + UUID.randomUUID());
        Heard failing = new Heard() {
            private int begun;

            @Override
            public void onBegin(Place place, long first) {
                if (++begun == 2) {
                    throw new OutOfMemoryError("planted");
                }
                super.onBegin(place, first);
            }
        };
        get(one.bus.attach(other, failing));
        String before = failing.epoch();
        redis.cli("DEL", Keyspace.head(other), Keyspace.log(other));
        assertThat(one.bus.refresh(other).toCompletableFuture()).failsWithin(Duration.ofSeconds(10));
        get(one.bus.refresh(other));
        assertThat(failing.await(2)).containsExactly("begin 0", "begin 0");
        assertThat(failing.epoch()).isNotEqualTo(before);
    }

    @Test
    void anAnswerThatIsNoneHoldsUpNobody() {
        published(two, "1");
        String batch = redis.cli("KEYS", Keyspace.batch(room, "*"));
        redis.cli("SET", batch, "2 []");
        assertThat(publish(two, "2"))
                .isInstanceOfSatisfying(
                        PublishOutcome.Refused.class,
                        refused -> assertThat(refused.refusal().code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
        redis.cli("DEL", batch);
        assertThat(published(two, "3").seq()).isEqualTo(2);
    }

    @Test
    void historyIsReadFromTheStreamInOrder() {
        IntStream.rangeClosed(1, 600).forEach(i -> published(two, String.valueOf(i)));
        List<Message> read = get(two.bus.read(room, new Place(heard.epoch(), 11), 591));
        assertThat(read)
                .extracting(m -> m.place().seq())
                .isEqualTo(LongStream.rangeClosed(11, 590).boxed().toList());
        assertThat(read.get(0).body().payload()).hasToString("11");
        assertThat(get(two.bus.read(room, new Place("another", 1), 100))).isEmpty();
    }

    @Test
    void aFullRedisTakesNothingAndLosesNothing() {
        published(two, "1");
        heard.await(2);
        redis.cli("CONFIG", "SET", "maxmemory", "1");
        assertThat(publish(two, "2"))
                .isInstanceOfSatisfying(
                        PublishOutcome.Refused.class,
                        refused -> assertThat(refused.refusal().code()).isEqualTo(ErrorCode.UNAVAILABLE));
        redis.cli("CONFIG", "SET", "maxmemory", "0");
        two.awaitHere();
        published(two, "2");
        assertThat(heard.await(3)).containsExactly(numbered(2));
    }

    @Test
    void whatTheQueueForRedisCannotHoldIsRefusedAtOnce() {
        int most = 100;
        Map<String, String> options = Map.of("hubbub.redis.queued-publishes", String.valueOf(most));
        try (RedisNode small = new RedisNode(redis.url(), options).awaitHere()) {
            Publication one = new Publication(Raw.body("1"), sender("ann"), null, true);
            redis.pause();
            var queued = IntStream.range(0, most)
                    .mapToObj(i -> small.bus.publish(room, one))
                    .toList();
            assertThat(get(small.bus.publish(room, one)))
                    .isInstanceOfSatisfying(PublishOutcome.Refused.class, refused -> {
                        assertThat(refused.refusal().code()).isEqualTo(ErrorCode.UNAVAILABLE);
                        assertThat(refused.refusal().message()).startsWith("too many publishes wait");
                        assertThat(refused.refusal().retryAfterMs()).isPositive();
                    });
            assertThat(small.health.overfull.sum()).isEqualTo(1);
            redis.resume();
            queued.forEach(published -> assertThat(get(published)).isInstanceOf(PublishOutcome.Accepted.class));
            assertThat(get(small.bus.publish(room, one))).isInstanceOf(PublishOutcome.Accepted.class);
        }
    }

    @Test
    void withoutRedisAPublishIsRefusedAtOnceAndAfterwardsAllIsWell() {
        published(two, "1");
        heard.await(2);
        redis.kill();
        Awaitility.await().until(() -> !two.link.isHere() && !one.link.isHere());
        assertThat(publish(two, "2")).isInstanceOfSatisfying(PublishOutcome.Refused.class, refused -> {
            assertThat(refused.refusal().code()).isEqualTo(ErrorCode.UNAVAILABLE);
            assertThat(refused.refusal().retryAfterMs()).isPositive();
        });
        redis.restart();
        one.awaitHere();
        two.awaitHere();
        published(two, "3");
        assertThat(heard.await(4)).containsExactly("begin 0", "1=1", "begin 0", "1=3");
    }
}
