package dev.hubbub.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.protocol.Encoded;
import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.RoomFrames;
import dev.hubbub.protocol.RoomName;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private static final Encoded ANSWER = frame(1);
    private static final Encoded MESSAGE = frame(2);
    private final Outbox outbox = new Outbox();
    private final Batch batch = new Batch(65536);

    private static Encoded frame(long seq) {
        return RoomFrames.reset(new RoomName("lobby"), new Place("e", seq), "epoch", 0);
    }

    private static final class Once extends Source {
        private final String name;

        Once(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public boolean fill(Batch batch) {
            return !batch.add(MESSAGE);
        }
    }

    @Test
    void answersGoBeforeWhatSourcesHave() {
        Source source = new Once("a");
        outbox.add(source);
        outbox.line(source);
        outbox.open(ANSWER);
        assertThat(outbox.fill(batch)).isFalse();
        assertThat(batch.runs()).isEqualTo(2);
        assertThat(batch.bytes(0)).isSameAs(ANSWER.bytes());
        assertThat(batch.bytes(1)).isSameAs(MESSAGE.bytes());
    }

    @Test
    void aSourceIsTheNextOnlyWhereNothingWaitsOrIsHeldBack() {
        Source source = new Once("a");
        assertThat(outbox.isIdle()).isFalse();
        outbox.open(ANSWER);
        assertThat(outbox.isIdle()).isFalse();
        outbox.fill(batch);
        assertThat(outbox.isIdle()).isTrue();
        outbox.line(source);
        assertThat(outbox.isIdle()).isFalse();
        outbox.fill(batch);
        assertThat(outbox.isIdle()).isTrue();
        outbox.end();
        assertThat(outbox.isIdle()).isFalse();
    }

    @Test
    void aSourceThatHasMoreThanFitsIsInLineAfterIt() {
        outbox.open(ANSWER);
        outbox.fill(batch);
        Source endless = Numbered.source(some -> some.add(MESSAGE));
        assertThat(outbox.fill(batch, endless)).isTrue();
        assertThat(outbox.isIdle()).isFalse();
        assertThat(outbox.fill(batch, new Once("a"))).isFalse();
        assertThat(batch.runs()).isEqualTo(3);
    }

    @Test
    void nothingGoesOutBeforeTheFirstOfAll() {
        outbox.answer(MESSAGE, 10);
        assertThat(outbox.fill(batch)).isFalse();
        assertThat(batch.isEmpty()).isTrue();
        outbox.open(ANSWER);
        outbox.fill(batch);
        assertThat(batch.bytes(0)).isSameAs(ANSWER.bytes());
        assertThat(batch.runs()).isEqualTo(2);
    }

    @Test
    void noMoreAnswersWaitThanMay() {
        outbox.open(ANSWER);
        assertThat(outbox.answer(ANSWER, 2)).isTrue();
        assertThat(outbox.answer(ANSWER, 2)).isFalse();
        outbox.fill(batch);
        assertThat(batch.runs()).isEqualTo(2);
        assertThat(outbox.answer(ANSWER, 2)).isTrue();
    }

    @Test
    void itEndsOnceAndForgetsItsAnswers() {
        outbox.answer(ANSWER, 10);
        assertThat(outbox.end()).isTrue();
        assertThat(outbox.end()).isFalse();
        assertThat(outbox.answer(ANSWER, 10)).isTrue();
        outbox.open(ANSWER);
        assertThat(outbox.fill(batch)).isFalse();
        assertThat(batch.isEmpty()).isTrue();
    }

    @Test
    void sourcesAreKeptInOrderWhicheverIsRemoved() {
        Source a = new Once("a");
        Source b = new Once("b");
        Source c = new Once("c");
        for (Source removed : new Source[] {a, b, c}) {
            Outbox own = new Outbox();
            own.add(a);
            own.add(b);
            own.add(c);
            assertThat(own.sources()).containsExactly(a, b, c);
            assertThat(own.remove(removed)).isTrue();
            assertThat(own.remove(removed)).isFalse();
            assertThat(own.sources()).hasSize(2).isSubsetOf(a, b, c).doesNotContain(removed);
            assertThat(own.find(removed.name(), false)).isNull();
            assertThat(own.find(own.sources().get(1).name(), false))
                    .isSameAs(own.sources().get(1));
        }
    }
}
