package dev.hubbub.redis;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Commands about one thing that go to Redis one after the other, since those of one caller may be reordered on the way.
 * Thread-safe; a command runs in the thread that asks for it, or in one of the common pool.
 */
final class Turns {
    /** Guarded by this. */
    private CompletableFuture<?> last = CompletableFuture.completedFuture(null);

    /** Runs a command behind those that were asked for before, whatever became of them. */
    <T> CompletableFuture<T> then(Supplier<CompletableFuture<T>> command) {
        CompletableFuture<T> done = new CompletableFuture<>();
        CompletableFuture<?> before;
        synchronized (this) {
            before = last;
            last = done;
        }
        // not by the thread that ended the one before: a line that fails at once would be as deep a stack as it is long
        CompletableFuture<?> turn = before.isDone()
                ? CompletableFuture.completedFuture(null)
                : before.handleAsync((result, failure) -> null);
        var unused = turn.thenCompose(ready -> command.get()).whenComplete((result, failure) -> {
            if (failure == null) {
                done.complete(result);
            } else {
                done.completeExceptionally(failure);
            }
        });
        return done;
    }
}
