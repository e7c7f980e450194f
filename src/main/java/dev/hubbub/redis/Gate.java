package dev.hubbub.redis;

import java.util.ArrayDeque;
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
    private final ArrayDeque<Runnable> line = new ArrayDeque<>();
    private int inside;

    Gate(int most, Executor thread) {
        this.most = most;
        this.thread = thread;
    }

    <T> CompletableFuture<T> enter(Supplier<CompletionStage<T>> task) {
        CompletableFuture<T> done = new CompletableFuture<>();
        Runnable begin = () -> begin(task, done);
        synchronized (this) {
            if (inside == most) {
                line.add(begin);
                return done;
            }
            inside++;
        }
        begin.run();
        return done;
    }

    private <T> void begin(Supplier<CompletionStage<T>> task, CompletableFuture<T> done) {
        CompletionStage<T> stage;
        try {
            stage = task.get();
        } catch (RuntimeException e) {
            stage = CompletableFuture.failedFuture(e);
        }
        var unused = stage.whenComplete((result, failure) -> {
            leave();
            if (failure == null) {
                done.complete(result);
            } else {
                done.completeExceptionally(failure);
            }
        });
    }

    private void leave() {
        Runnable next;
        synchronized (this) {
            next = line.poll();
            if (next == null) {
                inside--;
                return;
            }
        }
        thread.execute(next);
    }
}
