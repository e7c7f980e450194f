package dev.hubbub.session;

import static dev.hubbub.session.Numbered.frame;
import static dev.hubbub.session.Numbered.source;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.support.FakeSink;
import dev.hubbub.support.Graph;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A source that is asked at once, since nothing was in line before it, while others put things in line. */
class ServeTest {
    private final Graph graph =
            new Graph(Map.of("hubbub.delivery.loops", "1", "hubbub.delivery.inline-sessions", "10000"));
    private final FakeSink sink = new FakeSink();
    private final Session ann = graph.open("ann", sink);
    private final Batch batch = new Batch(65536);

    @AfterEach
    void end() {
        graph.close();
        assertThat(sink.faults()).isEmpty();
    }

    private List<Long> told() {
        return Numbered.told(sink);
    }

    @Test
    void anAnswerThatComesWhileASourceIsAskedAndWaitsForItGoesFirst() {
        boolean[] answered = {false};
        Source source = source(filled -> {
            if (!answered[0]) {
                answered[0] = true;
                ann.answer(frame(1));
                return true;
            }
            return !filled.add(frame(2));
        });
        ann.serve(source, batch);
        assertThat(told()).isEmpty();
        graph.sessions.kick();
        assertThat(told()).containsExactly(1L, 2L);
    }

    @Test
    void aSourceThatIsPutInLineWhileItIsAskedGivesEachFrameOnce() {
        long[] next = {1};
        Source[] self = new Source[1];
        self[0] = source(filled -> {
            if (next[0] > 1) {
                return false;
            }
            ann.ready(self[0]);
            return !filled.add(frame(next[0]++));
        });
        ann.serve(self[0], batch);
        graph.sessions.kick();
        assertThat(told()).containsExactly(1L);
    }

    @Test
    void whatComesWhileAWriteIsUnderWayGoesOutWhenThatIsDone() {
        sink.stall();
        ann.serve(source(filled -> !filled.add(frame(1))), batch);
        ann.serve(source(filled -> !filled.add(frame(2))), batch);
        graph.sessions.kick();
        assertThat(told()).containsExactly(1L);
        sink.readOne();
        assertThat(told()).containsExactly(1L, 2L);
    }
}
