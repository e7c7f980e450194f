package dev.hubbub.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.protocol.Body;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.Raw;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.Sender;
import dev.hubbub.protocol.UserId;
import dev.hubbub.support.Race;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What every {@link RoomBus} does, whatever carries it. */
public abstract class RoomBusContract {
    protected static final Duration KEY_TTL = Duration.ofMinutes(5);

    protected abstract RoomBus bus();

    /** Lets so much time pass for the keys of idempotency. */
    protected abstract void pass(Duration time);

    private final RoomName room = new RoomName("contract:" + UUID.randomUUID());
    private final List<Message> heard = Collections.synchronizedList(new ArrayList<>());
    private final RoomBus.Listener listener = listening(heard::add);

    /** A listener to messages alone. */
    public static RoomBus.Listener listening(Consumer<Message> messages) {
        return new RoomBus.Listener() {
            @Override
            public void onBegin(Place place, long first) {}

            @Override
            public void onMessage(Message message) {
                messages.accept(message);
            }
        };
    }

    public static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("the stage did not complete", e);
        }
    }

    public static Sender sender(String user) {
        return new Sender(new UserId(user), new ConnectionId("conn-" + user), null);
    }

    private PublishOutcome publish(Body body, String user, String key, boolean echo) {
        return get(bus().publish(room, new Publication(body, sender(user), key, echo)));
    }

    private PublishOutcome.Accepted accepted(Body body, String key) {
        return (PublishOutcome.Accepted) publish(body, "ann", key, true);
    }

    private List<Message> heard(int count) {
        Awaitility.await().until(() -> heard.size() >= count);
        assertThat(heard).hasSize(count);
        return List.copyOf(heard);
    }

    private static List<Long> oneTo(long last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }

    @Test
    void theFirstMessageOfARoomHasSeqOne() {
        Place head = get(bus().attach(room, listener));
        assertThat(head.seq()).isZero();
        assertThat(Place.isValid(head.epoch(), 0)).isTrue();
        PublishOutcome.Accepted first = accepted(Raw.body("1"), null);
        assertThat(first.place()).isEqualTo(new Place(head.epoch(), 1));
        assertThat(first.repeated()).isFalse();
    }

    @Test
    void messagesArriveInTheOrderOfTheirSeqs() {
        get(bus().attach(room, listener));
        for (int i = 1; i <= 50; i++) {
            assertThat(accepted(Raw.body(String.valueOf(i)), null).place().seq())
                    .isEqualTo(i);
        }
        assertThat(heard(50))
                .extracting(m -> m.place().seq() + "=" + m.body().payload())
                .isEqualTo(oneTo(50).stream().map(i -> i + "=" + i).toList());
    }

    @Test
    void aMessageArrivesAsItWasPublished() {
        get(bus().attach(room, listener));
        Body body = new Body(Raw.json("{\"a\": [1, \"ü😀\"]}"), "said", "name", false, Raw.json("{\"t\":1}"));
        Sender from = new Sender(new UserId("ann"), new ConnectionId("c1"), "Ann");
        var outcome = (PublishOutcome.Accepted) get(bus().publish(room, new Publication(body, from, null, true)));
        Message message = heard(1).get(0);
        assertThat(message.body()).isEqualTo(body);
        assertThat(message.from()).isEqualTo(from);
        assertThat(message.place()).isEqualTo(outcome.place());
        assertThat(message.ts()).isEqualTo(outcome.ts());
        assertThat(message.exclude()).isNull();
    }

    @Test
    void concurrentPublishersLeaveNoHoleAndNoRepeat() {
        get(bus().attach(room, listener));
        List<List<Long>> told = Race.run(8, thread -> {
            List<Long> seqs = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                seqs.add(accepted(Raw.body("\"" + thread + "." + i + "\""), null)
                        .place()
                        .seq());
            }
            return seqs;
        });
        assertThat(heard(800)).extracting(m -> m.place().seq()).isEqualTo(oneTo(800));
        assertThat(told).allSatisfy(seqs -> assertThat(seqs).isSorted());
        assertThat(told.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(oneTo(800));
    }

    @Test
    void eachPublishersMessagesKeepTheirOrder() {
        get(bus().attach(room, listener));
        Race.run(4, thread -> {
            for (int i = 0; i < 50; i++) {
                publish(Raw.body(String.valueOf(i)), "user-" + thread, null, true);
            }
            return thread;
        });
        for (int thread = 0; thread < 4; thread++) {
            UserId user = new UserId("user-" + thread);
            assertThat(heard(200).stream()
                            .filter(m -> m.from().user().equals(user))
                            .map(m -> Integer.valueOf(m.body().payload().toString())))
                    .isSorted()
                    .hasSize(50);
        }
    }

    @Test
    void aListenerIsCalledByOneThreadAtATime() {
        Set<Thread> inside = Collections.synchronizedSet(new HashSet<>());
        List<Integer> most = Collections.synchronizedList(new ArrayList<>());
        get(bus().attach(room, listening(message -> {
            inside.add(Thread.currentThread());
            most.add(inside.size());
            Thread.yield();
            inside.remove(Thread.currentThread());
            heard.add(message);
        })));
        Race.run(8, thread -> {
            for (int i = 0; i < 50; i++) {
                accepted(Raw.body("0"), null);
            }
            return thread;
        });
        heard(400);
        assertThat(most).containsOnly(1);
    }

    @Test
    void everyMessageAfterThePlaceOfTheAttachReachesTheListener() {
        List<Place> heads = Collections.synchronizedList(new ArrayList<>());
        // whoever publishes before the attach may be refused: nobody hears
        List<Long> seqs = Race.run(4, thread -> {
                    List<Long> own = new ArrayList<>();
                    if (thread == 0) {
                        heads.add(get(bus().attach(room, listener)));
                    }
                    for (int i = 0; i < 100; i++) {
                        if (publish(Raw.body("0"), "ann", null, true) instanceof PublishOutcome.Accepted a) {
                            own.add(a.place().seq());
                        }
                    }
                    return own;
                })
                .stream()
                .flatMap(List::stream)
                .sorted()
                .toList();
        long after = heads.get(0).seq();
        assertThat(seqs).isEqualTo(oneTo(seqs.size()));
        assertThat(heard((int) (seqs.size() - after)))
                .extracting(m -> m.place().seq())
                .isEqualTo(seqs.subList((int) after, seqs.size()));
    }

    @Test
    void anEphemeralMessageHasNoSeqAndTakesNone() {
        get(bus().attach(room, listener));
        accepted(Raw.body("1"), null);
        assertThat(accepted(Raw.ephemeral("2"), null).place().seq()).isZero();
        assertThat(accepted(Raw.body("3"), null).place().seq()).isEqualTo(2);
        assertThat(heard(3)).extracting(m -> m.place().seq()).containsExactly(1L, 0L, 2L);
    }

    @Test
    void ephemeralMessagesKeepTheirOrder() {
        get(bus().attach(room, listener));
        for (int i = 0; i < 30; i++) {
            accepted(Raw.ephemeral(String.valueOf(i)), null);
        }
        assertThat(heard(30))
                .extracting(m -> Integer.valueOf(m.body().payload().toString()))
                .isSorted();
    }

    @Test
    void withoutEchoTheSendingConnectionIsExcluded() {
        get(bus().attach(room, listener));
        publish(Raw.body("1"), "ann", null, false);
        publish(Raw.ephemeral("2"), "ben", null, false);
        publish(Raw.body("3"), "ann", null, true);
        assertThat(heard(3))
                .extracting(Message::exclude)
                .containsExactly(new ConnectionId("conn-ann"), new ConnectionId("conn-ben"), null);
    }

    @Test
    void aRepeatOfAKeyReturnsTheFirstOutcomeAndPublishesNothing() {
        get(bus().attach(room, listener));
        PublishOutcome.Accepted first = accepted(Raw.body("{\"a\":1}"), "k");
        accepted(Raw.body("2"), null);
        pass(Duration.ofMinutes(4));
        PublishOutcome.Accepted again = accepted(Raw.body("{\"a\":1}"), "k");
        assertThat(again.place()).isEqualTo(first.place());
        assertThat(again.ts()).isEqualTo(first.ts());
        assertThat(again.repeated()).isTrue();
        heard(2);
    }

    @Test
    void concurrentRepeatsOfAKeyPublishOnce() {
        get(bus().attach(room, listener));
        List<PublishOutcome.Accepted> outcomes = Race.run(16, thread -> accepted(Raw.body("1"), "k"));
        assertThat(outcomes).extracting(o -> o.place().seq()).containsOnly(1L);
        assertThat(outcomes)
                .extracting(PublishOutcome.Accepted::ts)
                .containsOnly(outcomes.get(0).ts());
        assertThat(outcomes).filteredOn(o -> !o.repeated()).hasSize(1);
        heard(1);
    }

    @Test
    void aRepeatOfAKeyWithAnotherPayloadIsAFailedPrecondition() {
        get(bus().attach(room, listener));
        accepted(Raw.body("1"), "k");
        PublishOutcome outcome = publish(Raw.body("2"), "ann", "k", true);
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        PublishOutcome.Refused.class,
                        refused -> assertThat(refused.refusal().code()).isEqualTo(ErrorCode.FAILED_PRECONDITION));
        heard(1);
    }

    @Test
    void aKeyIsTheUsersOwn() {
        get(bus().attach(room, listener));
        publish(Raw.body("1"), "ann", "k", true);
        publish(Raw.body("2"), "ben", "k", true);
        assertThat(heard(2)).extracting(m -> m.place().seq()).containsExactly(1L, 2L);
    }

    @Test
    void aKeyIsTheRoomsOwn() {
        RoomName other = new RoomName("contract:" + UUID.randomUUID());
        get(bus().attach(room, listener));
        get(bus().attach(other, listener));
        accepted(Raw.body("1"), "k");
        get(bus().publish(other, new Publication(Raw.body("2"), sender("ann"), "k", true)));
        heard(2);
    }

    @Test
    void aKeyIsForgottenAfterItsTime() {
        get(bus().attach(room, listener));
        accepted(Raw.body("1"), "k");
        pass(KEY_TTL.plusMillis(1));
        assertThat(accepted(Raw.body("2"), "k").place().seq()).isEqualTo(2);
        heard(2);
    }

    @Test
    void roomsAreOrderedApart() {
        RoomName other = new RoomName("contract:" + UUID.randomUUID());
        Place one = get(bus().attach(room, listener));
        Place two = get(bus().attach(other, listener));
        accepted(Raw.body("1"), null);
        var outcome = (PublishOutcome.Accepted)
                get(bus().publish(other, new Publication(Raw.body("2"), sender("ann"), null, true)));
        assertThat(outcome.place()).isEqualTo(new Place(two.epoch(), 1));
        assertThat(one.epoch()).isNotEqualTo(two.epoch());
    }

    @Test
    void afterADetachNothingIsHeard() {
        get(bus().attach(room, listener));
        accepted(Raw.body("1"), null);
        heard(1);
        bus().detach(room);
        get(bus().publish(room, new Publication(Raw.body("2"), sender("ann"), null, true)));
        heard(1);
    }
}
