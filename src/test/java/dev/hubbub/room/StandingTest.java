package dev.hubbub.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.session.Session;
import dev.hubbub.support.FakeSink;
import dev.hubbub.support.Graph;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Three messages that are ten minutes old, and two of now. */
class StandingTest {
    private static final long RECENT_MS = 120_000;

    private final Graph graph = new Graph(Map.of());
    private final Room room = room();
    private final long notBefore = graph.clock.millis() - RECENT_MS;

    private Room room() {
        Session ann = graph.open("ann", new FakeSink());
        graph.send(ann, "{'type':'room.join','data':{'room':'club'}}");
        publish(ann, 3);
        graph.clock.advance(Duration.ofMinutes(10));
        publish(ann, 2);
        return graph.rooms.find(new RoomName("club"));
    }

    private void publish(Session from, int count) {
        for (int i = 0; i < count; i++) {
            graph.send(from, "{'type':'room.publish','data':{'room':'club','payload':1}}");
        }
    }

    @AfterEach
    void end() {
        graph.close();
    }

    @Test
    void aReplayGivesTheNewest() {
        assertThat(Standing.of(room, null, 0, 0).seq()).isEqualTo(5);
        assertThat(Standing.of(room, null, 4, 0).seq()).isEqualTo(1);
        assertThat(Standing.of(room, null, 1000, 0).seq()).isZero();
    }

    @Test
    void aReplayGivesNothingOlderThanItMay() {
        assertThat(Standing.of(room, null, 1, notBefore).seq()).isEqualTo(4);
        assertThat(Standing.of(room, null, 1000, notBefore).seq()).isEqualTo(3);
        assertThat(Standing.of(room, null, 1000, graph.clock.millis() + 1).seq())
                .as("where all is older")
                .isEqualTo(5);
    }

    @Test
    void aPlaceBeforeWhatItMayBeGivenIsTrimmed() {
        Place head = room.head();
        assertThat(Standing.of(room, new Place(head.epoch(), 1), 0, notBefore).reset())
                .isEqualTo("trimmed");
        assertThat(Standing.of(room, new Place(head.epoch(), 3), 1000, notBefore))
                .isEqualTo(new Standing(head, 3, true, null));
    }
}
