package dev.hubbub.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.protocol.RoomName;
import dev.hubbub.session.Session;
import dev.hubbub.support.FakeSink;
import dev.hubbub.support.Graph;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Ticks leave a quiet room out until it could end; what is due is done as early as if they did not. */
class RestingRoomTest {
    private static final Duration LINGER = Duration.ofSeconds(60);
    private static final Duration AGE = Duration.ofSeconds(10);
    private static final RoomName QUIET = new RoomName("quiet:1");

    private final Graph graph = new Graph(Map.of(
            "hubbub.delivery.loops", "1",
            "hubbub.delivery.inline-sessions", "10000",
            "hubbub.room.linger", LINGER.toString(),
            "hubbub.namespace.quiet.presence", "false",
            "hubbub.namespace.quiet.history-age", AGE.toString()));
    private final Session ann = graph.open("ann", new FakeSink());

    @AfterEach
    void end() {
        graph.close();
    }

    private void send(String type, String more) {
        graph.send(ann, "{'type':'" + type + "','data':{'room':'" + QUIET + "'" + more + "}}");
    }

    private Room room() {
        Room room = graph.rooms.find(QUIET);
        assertThat(room).isNotNull();
        return room;
    }

    private void rest() {
        send("room.join", "");
        graph.tick(Duration.ofSeconds(1));
        assertThat(room().rests(graph.rooms.now())).isTrue();
    }

    @Test
    void itEndsWithTheFirstTickAfterItsLingerAndNotBefore() {
        rest();
        graph.tick(Duration.ofSeconds(20));
        send("room.leave", "");
        for (int i = 0; i < 60; i++) {
            graph.tick(Duration.ofSeconds(1));
            assertThat(graph.rooms.find(QUIET)).isNotNull();
        }
        graph.tick(Duration.ofMillis(1));
        assertThat(graph.rooms.find(QUIET)).isNull();
    }

    /** A tick that came by would have put off when it could end. */
    @Test
    void noTickComesByWhileItRests() {
        rest();
        long until = graph.rooms.now() + LINGER.toMillis();
        for (int i = 0; i < 20; i++) {
            graph.tick(Duration.ofSeconds(1));
        }
        assertThat(room().rests(until)).isTrue();
        assertThat(room().rests(until + 1)).isFalse();
    }

    @Test
    void itStaysWhileSomebodyIsInIt() {
        rest();
        for (int i = 0; i < 10; i++) {
            graph.tick(LINGER.plusMillis(1));
            assertThat(room().connections()).isEqualTo(1);
            assertThat(room().rests(graph.rooms.now())).isTrue();
        }
    }

    @Test
    void aMessageThatComesWhileItRestsGrowsOldInTime() {
        rest();
        send("room.publish", ",'payload':1");
        assertThat(room().rests(graph.rooms.now())).isFalse();
        graph.tick(AGE);
        assertThat(room().log().isEmpty()).isFalse();
        graph.tick(Duration.ofMillis(1));
        assertThat(room().log().isEmpty()).isTrue();
    }

    @Test
    void itEndsInTimeWhereTheClockHasGoneBackMeanwhile() {
        rest();
        graph.clock.advance(Duration.ofHours(-1));
        send("room.leave", "");
        graph.tick(LINGER.plusMillis(1));
        assertThat(graph.rooms.find(QUIET)).isNull();
    }

    @Test
    void aRoomWithPresenceIsLeftOutOfNoTick() {
        graph.send(ann, "{'type':'room.join','data':{'room':'chat:1'}}");
        graph.tick(Duration.ofSeconds(1));
        assertThat(graph.rooms.find(new RoomName("chat:1")))
                .satisfies(room -> assertThat(room.rests(graph.rooms.now())).isFalse());
    }
}
