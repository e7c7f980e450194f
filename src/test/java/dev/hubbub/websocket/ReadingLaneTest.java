package dev.hubbub.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whoever sends a lot is read on in turn, by as many threads as there are and no more. */
class ReadingLaneTest {
    private final List<String> done = Collections.synchronizedList(new ArrayList<>());
    private final List<Long> rests = Collections.synchronizedList(new ArrayList<>());
    private final AtomicLong clock = new AtomicLong();
    private final ReadingLane lane = new ReadingLane(1, clock::get, rests::add);

    @AfterEach
    void stop() {
        lane.stop();
    }

    @Test
    void eachHasItsTurnBehindThoseWhoWereInLine() {
        CompletableFuture<Void> go = new CompletableFuture<>();
        CompletableFuture<Void> end = new CompletableFuture<>();
        lane.later(() -> {
            go.join();
            done.add("one");
            lane.later(() -> done.add("one again"));
        });
        lane.later(() -> {
            done.add("two");
            lane.later(() -> end.complete(null));
        });
        go.complete(null);
        end.join();
        assertThat(done).containsExactly("one", "two", "one again");
    }

    @Test
    void whatIsAskedForInTurnIsDoneInThatTurn() {
        CompletableFuture<Void> end = new CompletableFuture<>();
        lane.later(() -> {
            lane.execute(() -> done.add("read"));
            done.add("turn over");
        });
        lane.later(() -> end.complete(null));
        end.join();
        assertThat(done).containsExactly("read", "turn over");
    }

    @Test
    void behindEachTurnItMayRestAsLong() {
        CompletableFuture<Void> end = new CompletableFuture<>();
        lane.later(() -> lane.execute(() -> clock.addAndGet(7)));
        lane.later(() -> end.complete(null));
        end.join();
        assertThat(rests).startsWith(7L);
    }

    @Test
    void whatIsAskedForFromOutsideIsDoneInLine() {
        CompletableFuture<Thread> reader = new CompletableFuture<>();
        lane.execute(() -> reader.complete(Thread.currentThread()));
        assertThat(reader.join()).isNotSameAs(Thread.currentThread());
    }

    @Test
    void afterItsEndNothingIsReadAndNobodyIsHarmed() {
        lane.stop();
        lane.execute(() -> done.add("read"));
        lane.later(() -> done.add("read"));
        assertThat(done).isEmpty();
    }
}
