package dev.hubbub.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.protocol.CloseCode;
import dev.hubbub.support.FakeSink;
import dev.hubbub.support.Graph;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WriteTest {
    private final Graph graph =
            new Graph(Map.of("hubbub.delivery.loops", "1", "hubbub.delivery.inline-sessions", "10000"));
    private final FakeSink sink = new FakeSink();
    private final Session ann = graph.open("ann", sink);
    private final Write write = new Write(ann);
    private final Batch batch = new Batch(1000);

    @AfterEach
    void end() {
        graph.close();
    }

    /** A sink that does this with each write. */
    private static FrameSink sink(Consumer<FrameSink.Completion> writing) {
        return new FrameSink() {
            @Override
            public void write(Batch batch, Completion completion) {
                writing.accept(completion);
            }

            @Override
            public void tick(long now, boolean ping) {}

            @Override
            public boolean answersPings() {
                return false;
            }

            @Override
            public void close(CloseCode code, String reason) {}

            @Override
            public void abort() {}
        };
    }

    @Test
    void oneThatCompletesAtOnceMayBeFollowed() {
        assertThat(write.begin(sink(FrameSink.Completion::written), batch, 0)).isTrue();
        assertThat(write.isInFlight()).isFalse();
        assertThat(write.isLagging()).isFalse();
    }

    @Test
    void oneThatAnotherThreadCompletesBeforeItHasBegunMayBeFollowedToo() {
        FrameSink elsewhere =
                sink(done -> CompletableFuture.runAsync(done::written).join());
        assertThat(write.begin(elsewhere, batch, 0)).isTrue();
        assertThat(write.isInFlight()).isFalse();
    }

    @Test
    void oneThatTakesLongerIsInFlightAndOverdueInTime() {
        assertThat(write.begin(sink(done -> {}), batch, 1_000)).isFalse();
        assertThat(write.isInFlight()).isTrue();
        assertThat(write.isLagging()).isTrue();
        assertThat(write.isOverdue(1_500, 500)).isFalse();
        assertThat(write.isOverdue(1_501, 500)).isTrue();
        write.written();
        assertThat(write.isInFlight()).isFalse();
        assertThat(write.isOverdue(9_999, 500)).isFalse();
    }

    @Test
    void oneThatFailsToBeginStaysInFlightSoThatNothingFollows() {
        FrameSink failing = sink(done -> {
            throw new IllegalStateException("on purpose");
        });
        assertThatThrownBy(() -> write.begin(failing, batch, 0)).hasMessage("on purpose");
        assertThat(write.isInFlight()).isTrue();
    }
}
