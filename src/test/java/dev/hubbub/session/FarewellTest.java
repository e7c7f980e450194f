package dev.hubbub.session;

import static dev.hubbub.session.Numbered.frame;
import static dev.hubbub.session.Numbered.source;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.protocol.CloseCode;
import dev.hubbub.support.FakeSink;
import dev.hubbub.support.Graph;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The server ends a session that was answered before: what it was told goes out before why it ends. */
class FarewellTest {
    private final Graph graph = new Graph(Map.of("hubbub.delivery.loops", "1"));
    private final FakeSink sink = new FakeSink();
    private final Session ann = graph.open("ann", sink);

    @AfterEach
    void end() {
        graph.close();
        assertThat(sink.faults()).isEmpty();
    }

    private List<Long> told() {
        return Numbered.told(sink);
    }

    private void awaitClosed() {
        graph.sessions.kick();
        Awaitility.await().until(() -> sink.closed() == CloseCode.RATE_LIMIT);
    }

    /** More than one batch holds. */
    @Test
    void answersThatNobodyHasSentYetComeFirst() {
        LongStream.range(0, 200).forEach(i -> ann.answer(frame(i)));
        ann.close(CloseCode.RATE_LIMIT, "too many messages");
        assertThat(ann.isClosed()).isTrue();
        ann.answer(frame(200));
        awaitClosed();
        assertThat(told())
                .containsExactlyElementsOf(LongStream.range(0, 200).boxed().toList());
    }

    @Test
    void soDoThoseThatAreJustBeingGathered() {
        Source source = source(batch -> {
            ann.close(CloseCode.RATE_LIMIT, "too many messages");
            return false;
        });
        ann.answer(frame(1));
        ann.ready(source);
        graph.sessions.kick();
        awaitClosed();
        assertThat(told()).containsExactly(1L);
    }

    @Test
    void whoTakesNothingIsNotWaitedFor() {
        sink.stall();
        ann.answer(frame(1));
        graph.sessions.kick();
        ann.answer(frame(2));
        ann.close(CloseCode.RATE_LIMIT, "too many messages");
        awaitClosed();
        assertThat(told()).containsExactly(1L);
    }

    @Test
    void whereNothingIsLeftToSayItEndsAtOnce() {
        ann.close(CloseCode.RATE_LIMIT, "too many messages");
        assertThat(sink.closed()).isEqualTo(CloseCode.RATE_LIMIT);
    }

    /** It kicks by itself. */
    @Test
    void aTickThatEndsItSendsWhatWaits() {
        ann.answer(frame(1));
        ann.identity(new Identity(
                ann.identity().user(),
                null,
                Identity.Kind.USER,
                new Grant(1, 1, Rights.NONE),
                null)); // expired long ago
        graph.tick(Duration.ofSeconds(1));
        assertThat(sink.closed()).isEqualTo(CloseCode.TOKEN_EXPIRED);
        assertThat(told()).containsExactly(1L);
    }

    @Test
    void whereTheEndIsForcedNobodyWaitsForAnswers() {
        ann.answer(frame(1));
        graph.sessions.closeAll(CloseCode.RESTART, "restart");
        assertThat(sink.closed()).isEqualTo(CloseCode.RESTART);
        graph.sessions.kick();
        assertThat(told()).isEmpty();
    }

    /** Whatever fails twice, those behind it have their turn. */
    @Test
    void aTaskThatCannotEvenBeEndedHarmsNoOther() {
        DeliveryLoop loop = graph.loops.get(0);
        loop.add(new DeliveryLoop.Task() {
            @Override
            protected boolean run(Batch batch) {
                throw new IllegalStateException("on purpose");
            }

            @Override
            protected int weight() {
                return 1;
            }

            @Override
            protected void failed(Throwable cause) {
                throw new IllegalStateException("on purpose, too");
            }
        });
        ann.answer(frame(1));
        graph.sessions.kick();
        assertThat(told()).containsExactly(1L);
    }

    @Test
    void closesGoOutWhenTheLoopsThreadsHaveEnded() {
        LoopsEnd.stop(graph.loops);
        LongStream.range(0, 200).forEach(i -> ann.answer(frame(i)));
        List<Session> more = LongStream.range(0, 100)
                .mapToObj(i -> graph.open("user-" + i, new FakeSink()))
                .toList();
        more.forEach(session -> session.answer(frame(1))); // more than a thread lends itself for
        ann.close(CloseCode.RATE_LIMIT, "too many messages");
        awaitClosed();
        assertThat(told()).hasSize(200);
    }
}
