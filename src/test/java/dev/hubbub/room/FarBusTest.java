package dev.hubbub.room;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.access.Pace;
import dev.hubbub.cluster.Message;
import dev.hubbub.cluster.PresenceState;
import dev.hubbub.cluster.PublishOutcome;
import dev.hubbub.cluster.Unavailable;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.Raw;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.Sender;
import dev.hubbub.protocol.UserId;
import dev.hubbub.session.Session;
import dev.hubbub.support.FakeSink;
import dev.hubbub.support.FarBus;
import dev.hubbub.support.Graph;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rooms over a bus that answers late, keeps the history, begins anew, or cannot be reached. */
class FarBusTest {
    private static final RoomName ROOM = new RoomName("lobby");

    private final FarBus bus = new FarBus();
    // one delivery loop, lent to whoever appends for a few: all is done when the call returns
    private final Graph graph = new Graph(Map.of("hubbub.delivery.loops", "1"), bus);
    private final FakeSink sink = new FakeSink();
    private Session ann;

    @BeforeEach
    void open() {
        ann = graph.open("ann", sink);
    }

    @AfterEach
    void end() {
        graph.close();
    }

    private void join(Session session, String more) {
        graph.send(session, "{'type':'room.join','id':'j','data':{'room':'lobby'" + more + "}}");
    }

    private static Unavailable away() {
        return new Unavailable("the nodes' store is away", 1500);
    }

    private List<String> told() {
        return told(sink);
    }

    private static List<String> told(FakeSink sink) {
        List<String> told = new ArrayList<>();
        for (JsonNode frame : sink.frames()) {
            String type = frame.path("type").asText();
            long seq = frame.at("/data/seq").asLong(-1);
            if (type.startsWith("room.")) {
                told.add(type.substring("room.".length()) + (seq < 0 ? "" : " " + seq));
            }
        }
        return told;
    }

    private void attached(String epoch, long head) {
        bus.attached(ROOM, new Place(epoch, head));
    }

    /** Typing and the like are told for some seconds, by the clock that stamps them. */
    @ParameterizedTest
    @ValueSource(longs = {-60_000, 0, 60_000})
    void aNodeWhoseClockIsOffTellsEphemeralMessages(long aheadMs) {
        bus.aheadMs = aheadMs;
        join(ann, "");
        attached("a", 0);
        long now = graph.clock.millis() + aheadMs;
        bus.listeners
                .get(ROOM)
                .onMessage(new Message(
                        new Place("a", 0),
                        now - 1_000,
                        Raw.ephemeral("1"),
                        new Sender(new UserId("u"), new ConnectionId("c"), null),
                        null));
        graph.sessions.kick();
        assertThat(told()).contains("published");
    }

    private void deliver(String epoch, long seq) {
        bus.listeners.get(ROOM).onMessage(FarBus.message(epoch, seq));
        graph.sessions.kick();
    }

    private static List<String> published(long from, long to) {
        return LongStream.rangeClosed(from, to)
                .mapToObj(seq -> "published " + seq)
                .toList();
    }

    @Test
    void aJoinIsAnsweredOnceTheBusDelivers() {
        join(ann, "");
        assertThat(told()).isEmpty();
        attached("e", 7);
        deliver("e", 8);
        assertThat(told()).containsExactly("join.reply 7", "published 8");
    }

    @Test
    void aLeaveBehindAJoinThatWaitsComesAfterIt() {
        join(ann, "");
        graph.send(ann, "{'type':'room.leave','id':'l','data':{'room':'lobby'}}");
        attached("e", 7);
        deliver("e", 8);
        assertThat(told()).containsExactly("join.reply 7", "leave.reply");
    }

    @Test
    void joinsThatWaitCountAgainstTheRoomsOfAConnection() {
        FakeSink narrow = new FakeSink();
        try (Graph other = new Graph(
                Map.of("hubbub.limits.enabled", "true", "hubbub.limits.rooms-per-connection", "2"), new FarBus())) {
            Session ben = other.open("ben", narrow);
            for (String room : List.of("a", "b", "b", "c")) {
                String join = "{'type':'room.join','id':'" + room + "','data':{'room':'" + room + "'}}";
                // a pace of its own: joins are slow enough here
                other.dispatcher.handle(ben, new Pace(other.settings.limits), join.replace('\'', '"'));
            }
            assertThat(narrow.frames())
                    .filteredOn(f -> f.get("type").asText().equals("error"))
                    .singleElement()
                    .satisfies(f -> assertThat(f.get("id").asText()).isEqualTo("c"));
        }
    }

    @Test
    void nothingIsSentAheadOfTheOpening() {
        FakeSink late = new FakeSink();
        RoomName own = new RoomName("user:ben");
        FarBus slow = new FarBus();
        try (Graph other = new Graph(Map.of(), slow)) {
            slow.holdUserRooms = true;
            Session ben = other.open("ben", late);
            other.send(ben, "{'type':'ping','id':'p','data':{}}");
            assertThat(late.frames()).isEmpty();
            slow.attached(own, new Place("own", 3));
            assertThat(late.frames())
                    .extracting(f -> f.path("type").asText())
                    .containsExactly("session.opened", "pong");
        }
    }

    @Test
    void aSessionWhoseOwnRoomCannotBeHadIsClosedAsFull() {
        FakeSink late = new FakeSink();
        FarBus slow = new FarBus();
        try (Graph other = new Graph(Map.of(), slow)) {
            slow.holdUserRooms = true;
            other.open("ben", late);
            slow.attaches.get(0).completeExceptionally(away());
            assertThat(late.closed()).isEqualTo(CloseCode.FULL);
            assertThat(late.frames()).isEmpty();
        }
    }

    @Test
    void aJoinThatCannotReachTheBusIsUnavailableAndTheNextOneTriesAnew() {
        join(ann, "");
        bus.attaches.get(bus.attaches.size() - 1).completeExceptionally(away());
        JsonNode error = sink.frames("error").get(0);
        assertThat(error.path("id").asText()).isEqualTo("j");
        assertThat(error.at("/data/code").asText()).isEqualTo("UNAVAILABLE");
        assertThat(error.at("/data/retryAfterMs").asLong()).isEqualTo(1500);
        assertThat(graph.rooms.find(ROOM)).isNull();
        join(ann, "");
        attached("e", 0);
        assertThat(told()).containsExactly("join.reply 0");
    }

    @Test
    void aSessionThatEndsWhileItJoinsIsInNoRoom() {
        join(ann, "");
        graph.sessions.gone(ann, 1006);
        attached("e", 0);
        assertThat(graph.rooms.find(ROOM).connections()).isZero();
    }

    @Test
    void publishesNeedNoRoomHereAndAreAnsweredInOrder() {
        graph.send(ann, "{'type':'room.publish','id':'1','data':{'room':'lobby','payload':1}}");
        graph.send(ann, "{'type':'room.publish','id':'2','data':{'room':'lobby','payload':2}}");
        assertThat(bus.publishes).hasSize(2);
        assertThat(graph.rooms.find(ROOM)).isNull();
        for (int i = 0; i < 2; i++) {
            bus.publishes.get(i).complete(new PublishOutcome.Accepted(new Place("e", i + 1), 1, false));
        }
        assertThat(told()).containsExactly("publish.reply 1", "publish.reply 2");
    }

    @Test
    void whatWasMissedIsReadFromTheBusThenComesWhatIsLive() {
        join(ann, ",'since':{'epoch':'e','seq':4}");
        attached("e", 9);
        deliver("e", 10);
        assertThat(told()).isEmpty();
        FarBus.Read read = bus.reads.get(0);
        assertThat(read.from()).isEqualTo(new Place("e", 5));
        assertThat(read.before()).isEqualTo(10);
        read.answer().complete(FarBus.messages("e", 5, 9));
        assertThat(told()).first().isEqualTo("join.reply 10");
        assertThat(told().subList(1, 7)).isEqualTo(published(5, 10));
        assertThat(sink.frames("room.join.reply").get(0).at("/data/recovered").asBoolean())
                .isTrue();
    }

    @Test
    void whatTheBusKeepsNoLongerIsToldAsTrimmed() {
        join(ann, ",'since':{'epoch':'e','seq':4}");
        attached("e", 9);
        bus.reads.get(0).answer().complete(FarBus.messages("e", 7, 9));
        assertThat(told()).containsExactly("join.reply 9", "reset 9");
        assertThat(sink.frames("room.reset").get(0).at("/data/reason").asText()).isEqualTo("trimmed");
    }

    @Test
    void whoKnowsOfMoreThanThisNodeHasHeardWaitsForTheBus() {
        join(ann, ",'since':{'epoch':'e','seq':9}");
        attached("e", 7);
        assertThat(told()).isEmpty();
        deliver("e", 8);
        deliver("e", 9);
        deliver("e", 10);
        bus.refreshes.get(0).complete(true);
        assertThat(told()).containsExactly("join.reply 10", "published 10");
    }

    @Test
    void aHerdThatResumesSharesTwoReads() {
        List<FakeSink> sinks = new ArrayList<>();
        join(ann, "");
        attached("e", 100);
        for (int i = 0; i < 50; i++) {
            FakeSink one = new FakeSink();
            sinks.add(one);
            join(graph.open("herd-" + i, one), ",'since':{'epoch':'e','seq':" + (90 - i) + "}");
        }
        assertThat(bus.reads).hasSize(1);
        bus.reads.get(0).answer().complete(FarBus.messages("e", 91, 100));
        assertThat(bus.reads).hasSize(2);
        assertThat(bus.reads.get(1).from().seq()).isEqualTo(42);
        bus.reads.get(1).answer().complete(FarBus.messages("e", 42, 90));
        assertThat(bus.reads).hasSize(2);
        for (int i = 0; i < 50; i++) {
            FakeSink one = sinks.get(i);
            int all = 11 + i;
            Awaitility.await().until(() -> told(one).size() >= all); // so many are served by the loop's own thread
            assertThat(told(one)).first().isEqualTo("join.reply 100");
            assertThat(told(one).subList(1, all)).isEqualTo(published(91 - i, 100));
        }
    }

    @Test
    void aReadThatFailsRefusesThoseWhoWaitForItAlone() {
        join(ann, ",'since':{'epoch':'e','seq':4}");
        attached("e", 9);
        bus.reads.get(0).answer().completeExceptionally(away());
        assertThat(sink.frames("error").get(0).at("/data/code").asText()).isEqualTo("UNAVAILABLE");
        join(ann, ",'since':{'epoch':'e','seq':4}");
        bus.reads.get(1).answer().complete(FarBus.messages("e", 5, 9));
        assertThat(told()).first().isEqualTo("join.reply 9");
    }

    @Test
    void aNewEpochIsToldAsResetBeforeItsMessages() {
        join(ann, "");
        attached("e", 7);
        deliver("e", 8);
        bus.listeners.get(ROOM).onBegin(new Place("f", 0), 1);
        deliver("f", 1);
        assertThat(told()).containsExactly("join.reply 7", "published 8", "reset 0", "published 1");
        JsonNode reset = sink.frames("room.reset").get(0).path("data");
        assertThat(reset.path("reason").asText()).isEqualTo("epoch");
        assertThat(reset.path("epoch").asText()).isEqualTo("f");
    }

    @Test
    void behindANewEpochItIsToldHowManyMembersThereAreOnceTheBusKnows() {
        join(ann, "");
        attached("e", 7);
        bus.listeners.get(ROOM).onBegin(new Place("f", 0), 1);
        deliver("f", 1);
        graph.tick(Duration.ofSeconds(1));
        assertThat(sink.frames("presence.reset")).isEmpty();
        bus.listeners.get(ROOM).onPresence(new PresenceState("f", 0, 40));
        graph.sessions.kick();
        JsonNode reset = sink.frames("presence.reset").get(0).path("data");
        assertThat(reset.path("rev").asLong()).isZero();
        assertThat(reset.path("count").asInt()).isEqualTo(40);
        assertThat(sink.frames("presence.reset")).hasSize(1);
    }

    @Test
    void aRoomWhosePresenceMayBeBehindIsComparedOnceMore() {
        join(ann, ",'presence':'listen'");
        attached("e", 7);
        bus.listeners.get(ROOM).onPresence(new PresenceState("e", 3, 2));
        bus.listeners.get(ROOM).onPresence(new PresenceState("e", 5, 1));
        assertThat(bus.refreshes).isEmpty();
        graph.tick(Duration.ofSeconds(1));
        assertThat(bus.refreshes).hasSize(1);
        assertThat(bus.listeners.get(ROOM).presenceRev("e")).isEqualTo(3);
        bus.listeners.get(ROOM).onPresence(new PresenceState("e", 5, 1));
        bus.refreshes.get(0).complete(true);
        graph.tick(Duration.ofSeconds(1));
        assertThat(bus.refreshes).hasSize(1);
        JsonNode reset =
                sink.frames("presence.reset").get(sink.frames("presence.reset").size() - 1);
        assertThat(reset.at("/data/rev").asLong()).isEqualTo(5);
        assertThat(reset.at("/data/count").asInt()).isEqualTo(1);
    }

    @Test
    void aHoleThatNobodyCanFillIsToldAsTrimmed() {
        join(ann, "");
        attached("e", 7);
        bus.listeners.get(ROOM).onBegin(new Place("e", 20), 21);
        deliver("e", 21);
        assertThat(told()).startsWith("join.reply 7", "reset 21");
        deliver("e", 22);
        assertThat(told()).last().isEqualTo("published 22");
    }

    @Test
    void aRoomThatNobodyIsInEndsThoughItHasAHistory() {
        join(ann, "");
        attached("e", 7);
        deliver("e", 8);
        graph.send(ann, "{'type':'room.leave','id':'l','data':{'room':'lobby'}}");
        graph.tick(Duration.ofMinutes(10));
        assertThat(graph.rooms.find(ROOM)).isNull();
        assertThat(bus.listeners).doesNotContainKey(ROOM);
        assertThat(graph.budget.held()).isZero();
    }
}
