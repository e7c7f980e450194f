package dev.hubbub.room;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.RoomFrames;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.session.Session;
import dev.hubbub.support.FakeSink;
import dev.hubbub.support.Graph;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JoinTest {
    private final Graph graph = new Graph(Map.of(
            "hubbub.delivery.loops", "1",
            "hubbub.delivery.inline-sessions", "10000",
            "hubbub.namespace.small.history-size", "0"));
    private final FakeSink sink = new FakeSink();
    private final Session ann = graph.open("ann", sink);
    private final Session ben = graph.open("ben", new FakeSink());

    @AfterEach
    void end() {
        graph.close();
    }

    private void publish(Session from, String room, String more) {
        graph.send(from, "{'type':'room.publish','data':{'room':'" + room + "','payload':1" + more + "}}");
    }

    private List<String> types() {
        return sink.frames().stream()
                .map(f -> f.path("type").asText())
                .filter(t -> t.startsWith("room."))
                .toList();
    }

    private JsonNode reply() {
        List<JsonNode> replies = sink.frames("room.join.reply");
        return replies.get(replies.size() - 1).path("data");
    }

    @Test
    void nothingOfTheRoomComesBeforeTheReplyToTheJoin() throws InterruptedException {
        publish(ben, "lobby", "");
        RoomName lobby = new RoomName("lobby");
        Thread[] publisher = new Thread[1];
        graph.memberships.join(
                ann, new Memberships.Ask(lobby, new Place("other", 7), 0, null, null, false, false), answer -> {
                    // the loop is just about to serve the new subscription
                    publisher[0] = new Thread(() -> publish(ben, "lobby", ""));
                    publisher[0].start();
                    Awaitility.await()
                            .pollInterval(Duration.ofMillis(1))
                            .until(() -> publisher[0].getState() == Thread.State.BLOCKED);
                    ann.answer(RoomFrames.joinReply("1", answer));
                });
        publisher[0].join();
        graph.sessions.kick();
        assertThat(types()).containsExactly("room.join.reply", "room.reset", "room.published");
    }

    @Test
    void whatAConnectionIsNotSentDoesNotCountAsReplayed() {
        graph.send(ann, "{'type':'room.join','id':'1','data':{'room':'lobby'}}");
        String epoch = reply().path("epoch").asText();
        publish(ann, "lobby", ",'echo':false");
        publish(ben, "lobby", "");
        publish(ann, "lobby", ",'echo':false");
        publish(ben, "lobby", "");
        graph.send(
                ann, "{'type':'room.join','id':'2','data':{'room':'lobby','since':{'epoch':'" + epoch + "','seq':1}}}");
        assertThat(reply().path("replayed").asInt()).isEqualTo(2);
        graph.send(ann, "{'type':'room.join','id':'3','data':{'room':'lobby','replay':10}}");
        assertThat(reply().path("replayed").asInt()).isEqualTo(2);
        assertThat(sink.frames("room.published"))
                .extracting(f -> f.path("data").path("seq").asInt())
                .containsExactly(2, 4, 2, 4, 2, 4);
    }

    @Test
    void aJoinWhileOthersPublishStandsWhereItsReplySays() {
        // the head and the oldest message kept belong together, also where nothing is kept
        Thread publisher = new Thread(() -> IntStream.range(0, 20_000).forEach(i -> publish(ben, "small:room", "")));
        publisher.start();
        RoomName room = new RoomName("small:room");
        while (publisher.isAlive()) {
            FakeSink fresh = new FakeSink();
            Session session = graph.open("cat", fresh);
            graph.memberships.join(
                    session,
                    new Memberships.Ask(room, null, 5, null, null, false, false),
                    answer -> assertThat(answer.replayed()).isZero());
            graph.sessions.gone(session, 1000);
        }
    }
}
