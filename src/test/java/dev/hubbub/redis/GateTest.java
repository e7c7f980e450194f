package dev.hubbub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.support.FakeClock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GateTest {
    private final ArrayDeque<Runnable> thread = new ArrayDeque<>();
    private final FakeClock clock = new FakeClock();
    private final Gate gate = new Gate(2, thread::add, clock);
    private final List<Integer> begun = new ArrayList<>();

    private void run() {
        while (!thread.isEmpty()) {
            thread.remove().run();
        }
    }

    @Test
    void soManyAreUnderWayAndTheOthersComeInTheirTurn() {
        List<CompletableFuture<String>> tasks = IntStream.range(0, 4)
                .mapToObj(i -> new CompletableFuture<String>())
                .toList();
        List<CompletableFuture<String>> done = IntStream.range(0, 4)
                .mapToObj(i -> gate.enter(() -> {
                    begun.add(i);
                    return tasks.get(i);
                }))
                .toList();
        assertThat(begun).containsExactly(0, 1);
        tasks.get(1).complete("one");
        assertThat(begun).as("not by the thread that ended one").hasSize(2);
        run();
        assertThat(begun).containsExactly(0, 1, 2);
        tasks.get(2).completeExceptionally(new IllegalStateException());
        run();
        assertThat(begun).containsExactly(0, 1, 2, 3);
        assertThat(done.get(1)).isCompletedWithValue("one");
        assertThat(done.get(2)).isCompletedExceptionally();
        assertThat(done.get(3)).isNotDone();
    }

    @Test
    void whoWaitsTooLongIsSentAwayAndNeverBegun() {
        CompletableFuture<String> inside = new CompletableFuture<>();
        gate.enter(() -> inside);
        gate.enter(() -> inside);
        CompletableFuture<String> early = gate.enter(() -> CompletableFuture.completedFuture("early"));
        clock.advance(Duration.ofSeconds(1));
        CompletableFuture<String> late = gate.enter(() -> CompletableFuture.completedFuture("late"));
        assertThat(gate.refuse(1_001, new IllegalStateException())).isZero();
        assertThat(gate.refuse(1_000, new IllegalStateException())).isEqualTo(1);
        assertThat(early).isCompletedExceptionally();
        inside.complete("done");
        run();
        assertThat(late).isCompletedWithValue("late");
    }

    @Test
    void anErrorKeepsNobodysPlace() {
        for (int i = 0; i < 3; i++) {
            CompletableFuture<String> failed = gate.enter(() -> {
                throw new OutOfMemoryError("as it may be");
            });
            assertThat(failed).isCompletedExceptionally();
        }
        assertThat(gate.enter(() -> CompletableFuture.completedFuture("last"))).isCompletedWithValue("last");
    }

    @Test
    void aLongLineIsNoDeepStack() {
        CompletableFuture<String> first = new CompletableFuture<>();
        for (int i = 0; i < 100_000; i++) {
            int number = i;
            gate.enter(() -> number < 2 ? first : CompletableFuture.completedFuture("done"));
        }
        first.complete("go");
        run();
        assertThat(gate.enter(() -> CompletableFuture.completedFuture("last"))).isCompletedWithValue("last");
    }
}
