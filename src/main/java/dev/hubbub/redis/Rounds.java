package dev.hubbub.redis;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Does one thing again and again, but one at a time: all who ask while it is being done have it done once more, together.
 * Thread-safe.
 */
final class Rounds {
    /** Says in the end whether there is more to do for the same round. */
    private final Supplier<CompletableFuture<Boolean>> step;
    /** Guarded by this, as the next one: who waits for the round under way, and for the next. */
    private @Nullable CompletableFuture<@Nullable Void> current;

    private @Nullable CompletableFuture<@Nullable Void> next;

    Rounds(Supplier<CompletableFuture<Boolean>> step) {
        this.step = step;
    }

    /** Completes with the end of a round that began after this was called. */
    CompletableFuture<@Nullable Void> ask() {
        CompletableFuture<@Nullable Void> own;
        synchronized (this) {
            if (current != null) {
                next = next == null ? new CompletableFuture<>() : next;
                return next;
            }
            own = new CompletableFuture<>();
            current = own;
        }
        go(own);
        return own;
    }

    private void go(CompletableFuture<@Nullable Void> round) {
        var begun = CompletableFuture.completedFuture(true).thenCompose(begin -> step.get()); // whatever it throws
        var unused = begun.whenComplete((more, failure) -> {
            if (failure == null && more) {
                go(round);
                return;
            }
            CompletableFuture<@Nullable Void> following;
            synchronized (this) {
                following = next;
                current = following;
                next = null;
            }
            if (failure == null) {
                round.complete(null);
            } else {
                round.completeExceptionally(failure);
            }
            if (following != null) {
                go(following);
            }
        });
    }
}
