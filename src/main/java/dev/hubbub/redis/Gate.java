package dev.hubbub.redis;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Lets only so many things be under way at once; the others wait in line. The next is begun by a thread of its own choice
 * and never by the one that ended the last: a line of ten thousand would be as deep a stack. Guarded by itself.
 */
final class Gate {
    private final int most;
    private final Executor thread;
    private final Clock clock;
    private final ArrayDeque<InLine> line = new ArrayDeque<>();
    private int inside;

    /** @param since when it came, in ms */
    private record InLine(Runnable begin, CompletableFuture<?> done, long since) {}

    Gate(int most, Executor thread, Clock clock) {
        this.most = most;
        this.thread = thread;
        this.clock = clock;
    }

    <T> CompletableFuture<T> enter(Supplier<CompletionStage<T>> task) {
        CompletableFuture<T> done = new CompletableFuture<>();
        Runnable begin = () -> begin(task, done);
        synchronized (this) {
            if (inside == most) {
                line.add(new InLine(begin, done, clock.millis()));
                return done;
            }
            inside++;
        }
        begin.run();
        return done;
    }

    /** Sends those away who have waited for so many ms or longer, and have not begun; returns how many. */
    int refuse(long ms, Throwable why) {
        List<InLine> late = new ArrayList<>();
        synchronized (this) {
            long now = clock.millis();
            for (InLine first = line.peek(); first != null && now - first.since >= ms; first = line.peek()) {
                late.add(line.remove());
            }
        }
        late.forEach(one -> one.done.completeExceptionally(why));
        return late.size();
    }

    private <T> void begin(Supplier<CompletionStage<T>> task, CompletableFuture<T> done) {
        // an error, too, leaves its place to others: memory may be there by the next time
        var unused = CompletableFuture.completedFuture(true)
                .thenCompose(turn -> task.get())
                .whenComplete((result, failure) -> {
                    leave();
                    if (failure == null) {
                        done.complete(result);
                    } else {
                        done.completeExceptionally(failure);
                    }
                });
    }

    private void leave() {
        InLine next;
        synchronized (this) {
            next = line.poll();
            if (next == null) {
                inside--;
                return;
            }
        }
        thread.execute(next.begin);
    }
}
