package dev.hubbub.room;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.cluster.PermanentRooms;
import dev.hubbub.cluster.Unavailable;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import dev.hubbub.session.Session;
import dev.hubbub.support.FakeSink;
import dev.hubbub.support.Graph;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the kinds of room do on one node, and while the store of permanent rooms answers late or not at all. */
class RoomKindsTest {
    private static final UserId ANN = new UserId("ann");
    private static final Map<String, String> KINDS = Map.of(
            "hubbub.delivery.loops", "1",
            "hubbub.namespace.brief.kind", "ephemeral",
            "hubbub.namespace.quiet.kind", "ephemeral",
            "hubbub.namespace.quiet.presence", "false",
            "hubbub.namespace.here.kind", "reactive",
            "hubbub.namespace.club.kind", "permanent");
    private static final Duration GRACE = Duration.ofSeconds(15);

    /** Answers when the test says so. */
    private static final class LateRooms implements PermanentRooms {
        private final CompletableFuture<Added> added = new CompletableFuture<>();
        private final CompletableFuture<List<RoomName>> listed = new CompletableFuture<>();
        private int asked;

        @Override
        public CompletionStage<Added> add(UserId user, RoomName room, int limit) {
            asked++;
            return added;
        }

        @Override
        public CompletionStage<?> remove(UserId user, RoomName room) {
            asked++;
            return CompletableFuture.failedFuture(Unavailable.away());
        }

        @Override
        public CompletionStage<List<RoomName>> of(UserId user) {
            asked++;
            return listed;
        }
    }

    private final LateRooms late = new LateRooms();
    private final Graph graph = new Graph(KINDS);
    private final Graph far = new Graph(KINDS, null, late);
    private final FakeSink sink = new FakeSink();

    @AfterEach
    void end() {
        graph.close();
        far.close();
    }

    private static void ask(Graph graph, Session session, String type, String room, String more) {
        graph.send(
                session, "{'type':'room." + type + "','id':'" + type + "','data':{'room':'" + room + "'" + more + "}}");
    }

    private Session in(String room, FakeSink to) {
        Session session = graph.open("ann", to);
        ask(graph, session, "join", room, "");
        return session;
    }

    private static JsonNode last(FakeSink sink, String type) {
        List<JsonNode> frames = sink.frames(type);
        assertThat(frames).as(type).isNotEmpty();
        return frames.get(frames.size() - 1).path("data");
    }

    private static List<String> told(FakeSink sink) {
        return sink.frames().stream().map(f -> f.path("type").asText()).toList();
    }

    @Test
    void anEphemeralRoomEndsWithItsLastMember() {
        Session ann = in("brief:a", sink);
        Session ben = graph.open("ben", new FakeSink());
        ask(graph, ben, "join", "brief:a", "");
        ask(graph, ann, "publish", "brief:a", ",'payload':1");
        ask(graph, ann, "leave", "brief:a", "");
        assertThat(graph.rooms.find(new RoomName("brief:a"))).isNotNull();
        ask(graph, ben, "leave", "brief:a", "");
        assertThat(graph.rooms.find(new RoomName("brief:a"))).isNull();
        String epoch = last(sink, "room.join.reply").path("epoch").asText();
        ask(graph, ann, "join", "brief:a", ",'since':{'epoch':'" + epoch + "','seq':0}");
        JsonNode again = last(sink, "room.join.reply");
        assertThat(again.path("epoch").asText()).isNotEqualTo(epoch);
        assertThat(again.path("seq").asInt()).isZero();
        assertThat(again.path("recovered").asBoolean()).isFalse();
        assertThat(last(sink, "room.reset").path("reason").asText()).isEqualTo("epoch");
    }

    @Test
    void anEphemeralRoomOutlivesAReloadAndNotTheGrace() {
        Session ann = in("brief:a", sink);
        ask(graph, ann, "publish", "brief:a", ",'payload':1");
        String epoch = last(sink, "room.join.reply").path("epoch").asText();
        graph.sessions.gone(ann, 1006);
        graph.tick(GRACE.minusSeconds(1));
        FakeSink reloaded = new FakeSink();
        Session again = in("brief:a", reloaded);
        assertThat(last(reloaded, "room.join.reply").path("epoch").asText()).isEqualTo(epoch);
        assertThat(last(reloaded, "room.join.reply").path("seq").asInt()).isEqualTo(1);
        graph.sessions.gone(again, 1006);
        graph.tick(GRACE);
        assertThat(graph.rooms.find(new RoomName("brief:a"))).isNull();
    }

    @Test
    void withoutPresenceAnEphemeralRoomEndsWithItsLastConnection() {
        Session ann = in("quiet:a", sink);
        Session ben = in("quiet:a", new FakeSink());
        graph.sessions.gone(ann, 1006);
        assertThat(graph.rooms.find(new RoomName("quiet:a"))).isNotNull();
        graph.sessions.gone(ben, 1006);
        assertThat(graph.rooms.find(new RoomName("quiet:a"))).isNull();
    }

    @Test
    void whoOnlyListensKeepsAnEphemeralRoom() {
        Session ann = in("brief:a", sink);
        Session ben = graph.open("ben", new FakeSink());
        ask(graph, ben, "join", "brief:a", ",'presence':'off'");
        ask(graph, ann, "leave", "brief:a", "");
        graph.tick(GRACE);
        assertThat(graph.rooms.find(new RoomName("brief:a"))).isNotNull();
    }

    @Test
    void whatIsPublishedInAnEphemeralRoomThatNobodyIsInIsGone() {
        Session ann = graph.open("ann", sink);
        ask(graph, ann, "publish", "brief:a", ",'payload':1");
        assertThat(last(sink, "room.publish.reply").path("seq").asInt()).isEqualTo(1);
        graph.tick(Duration.ofSeconds(6));
        assertThat(graph.rooms.find(new RoomName("brief:a"))).isNull();
    }

    @Test
    void aReactiveRoomTakesEphemeralMessagesAlone() {
        Session ann = in("here:a", sink);
        ask(graph, ann, "publish", "here:a", ",'payload':1");
        assertThat(last(sink, "error").path("code").asText()).isEqualTo("FAILED_PRECONDITION");
        ask(graph, ann, "publish", "here:a", ",'payload':2,'ephemeral':true");
        assertThat(last(sink, "room.published").path("payload").asInt()).isEqualTo(2);
        ask(graph, ann, "history", "here:a", "");
        assertThat(sink.frames("room.history.reply")).isEmpty();
        JsonNode complete = last(sink, "room.history.complete");
        assertThat(complete.path("seq").asInt()).isZero();
        assertThat(last(sink, "room.join.reply").path("count").asInt()).isEqualTo(1);
    }

    @Test
    void aMemberOfAPermanentRoomIsPutBackIntoItUntilTheUserLeaves() {
        Session ann = in("club:a", new FakeSink());
        graph.sessions.gone(ann, 1000);
        Session again = graph.open("ann", sink);
        assertThat(told(sink)).startsWith("session.opened", "room.joined");
        assertThat(last(sink, "room.joined").path("members")).hasSize(1);
        ask(graph, again, "leave", "club:a", "");
        FakeSink third = new FakeSink();
        graph.open("ann", third);
        assertThat(told(third)).containsExactly("session.opened");
    }

    @Test
    void aKickEndsAPermanentMembership() {
        Session ann = in("club:a", sink);
        graph.permanence.end(new RoomName("club:a"), ANN);
        graph.sanctions.kick(new RoomName("club:a"), ANN);
        graph.sessions.kick();
        assertThat(told(sink)).endsWith("room.removed");
        graph.sessions.gone(ann, 1000);
        FakeSink next = new FakeSink();
        graph.open("ann", next);
        assertThat(told(next)).containsExactly("session.opened");
    }

    @Test
    void messagesComeBehindTheWordThatTheServerJoined() {
        graph.sessions.gone(in("club:a", new FakeSink()), 1006);
        Session ben = graph.open("ben", new FakeSink());
        sink.stall();
        graph.open("ann", sink);
        ask(graph, ben, "publish", "club:a", ",'payload':1");
        sink.resume();
        assertThat(told(sink)).containsSubsequence("session.opened", "room.joined", "room.published");
    }

    @Test
    void moreRoomsThanAnswersMayWaitAreToldAllTheSame() {
        Map<String, String> few = Map.of(
                "hubbub.delivery.loops", "1",
                "hubbub.limits.queued-replies", "8",
                "hubbub.namespace.club.kind", "permanent");
        try (Graph narrow = new Graph(few)) {
            Session ann = narrow.open("ann", new FakeSink());
            for (int i = 0; i < 30; i++) {
                ask(narrow, ann, "join", "club:" + i, "");
            }
            narrow.sessions.gone(ann, 1000);
            narrow.open("ann", sink);
            assertThat(sink.closed()).isNull();
            assertThat(sink.frames("room.joined")).hasSize(30);
        }
    }

    @Test
    void anotherNamespacesRoomsAreAskedOfNobody() {
        try (Graph plain = new Graph(Map.of(), null, late)) {
            Session ann = plain.open("ann", sink);
            ask(plain, ann, "join", "club:a", "");
            ask(plain, ann, "leave", "club:a", "");
        }
        assertThat(late.asked).isZero();
        Session ann = far.open("ann", new FakeSink());
        late.listed.complete(List.of());
        ask(far, ann, "join", "lobby", "");
        ask(far, ann, "leave", "lobby", "");
        assertThat(late.asked).isEqualTo(1);
    }

    @Test
    void aSessionWhosePermanentRoomsCannotBeHadIsClosedAsFull() {
        far.open("ann", sink);
        late.listed.completeExceptionally(Unavailable.away());
        assertThat(sink.closed()).isEqualTo(CloseCode.FULL);
    }

    @Test
    void aJoinThatCannotBeKeptIsUnavailableAndPutsNobodyIntoTheRoom() {
        late.listed.complete(List.of());
        Session ann = far.open("ann", sink);
        ask(far, ann, "join", "club:a", "");
        assertThat(told(sink)).containsExactly("session.opened");
        late.added.completeExceptionally(Unavailable.away());
        assertThat(last(sink, "error").path("code").asText()).isEqualTo("UNAVAILABLE");
        assertThat(far.rooms.find(new RoomName("club:a"))).isNull();
    }

    @Test
    void aLeaveThatCannotBeKeptIsUnavailableAndLeavesTheUserInTheRoom() {
        late.listed.complete(List.of(new RoomName("club:a")));
        Session ann = far.open("ann", sink);
        ask(far, ann, "leave", "club:a", "");
        assertThat(last(sink, "error").path("code").asText()).isEqualTo("UNAVAILABLE");
        assertThat(ann.source("club:a", false)).isNotNull();
    }

    @Test
    void tooManyPermanentRoomsAreRefused() {
        late.listed.complete(List.of());
        late.added.complete(PermanentRooms.Added.TOO_MANY);
        Session ann = far.open("ann", sink);
        ask(far, ann, "join", "club:a", "");
        assertThat(last(sink, "error").path("code").asText()).isEqualTo("RESOURCE_EXHAUSTED");
        assertThat(last(sink, "error").path("message").asText()).contains("permanent rooms");
        assertThat(ann.source("club:a", false)).isNull();
    }

    @Test
    void whatIsAskedBeforeTheSessionIsBackWaitsAndKeepsItsOrder() {
        Session ann = far.open("ann", sink);
        ask(far, ann, "publish", "club:a", ",'payload':1");
        ask(far, ann, "publish", "club:a", ",'payload':2");
        ask(far, ann, "leave", "lobby", "");
        assertThat(told(sink)).containsExactly("session.opened");
        late.listed.complete(List.of(new RoomName("club:a"), new RoomName("lobby")));
        assertThat(sink.frames("room.joined")).hasSize(1); // the lobby is not permanent
        assertThat(sink.frames("room.published"))
                .extracting(f -> f.path("data").path("payload").asInt())
                .containsExactly(1, 2);
        assertThat(sink.frames("room.leave.reply")).hasSize(1);
    }
}
