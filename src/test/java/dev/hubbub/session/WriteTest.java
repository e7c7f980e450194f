package dev.hubbub.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.support.FakeSink;
import dev.hubbub.support.Graph;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WriteTest {
    private final Graph graph =
            new Graph(Map.of("hubbub.delivery.loops", "1", "hubbub.delivery.inline-sessions", "10000"));
    private final FakeSink sink = new FakeSink();
    private final Write write = new Write(graph.open("ann", sink));
    private final Batch batch = new Batch(1000);

    @AfterEach
    void end() {
        graph.close();
    }

    @Test
    void oneThatCompletesAtOnceMayBeFollowed() {
        assertThat(write.begin(sink, batch, 0)).isTrue();
        assertThat(write.isInFlight()).isFalse();
        assertThat(write.isLagging()).isFalse();
    }

    @Test
    void oneThatAnotherThreadCompletesBeforeItHasBegunMayBeFollowedToo() {
        FakeSink elsewhere = new FakeSink(
                completion -> CompletableFuture.runAsync(completion).join());
        assertThat(write.begin(elsewhere, batch, 0)).isTrue();
        assertThat(write.isInFlight()).isFalse();
    }

    @Test
    void oneThatTakesLongerIsInFlightAndOverdueInTime() {
        sink.stall();
        assertThat(write.begin(sink, batch, 1_000)).isFalse();
        assertThat(write.isInFlight()).isTrue();
        assertThat(write.isLagging()).isTrue();
        assertThat(write.isOverdue(1_500, 500)).isFalse();
        assertThat(write.isOverdue(1_501, 500)).isTrue();
        sink.readOne();
        assertThat(write.isInFlight()).isFalse();
        assertThat(write.isOverdue(9_999, 500)).isFalse();
    }

    @Test
    void oneThatFailsToBeginStaysInFlightSoThatNothingFollows() {
        sink.failWith(new IllegalStateException("on purpose"));
        assertThatThrownBy(() -> write.begin(sink, batch, 0)).hasMessage("on purpose");
        assertThat(write.isInFlight()).isTrue();
    }
}
