package dev.hubbub.redis;

import dev.hubbub.cluster.Unavailable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** For the ports whose callers wait: a second at most, in threads that may. */
final class Waiting {
    private static final long MOST_MS = 1_000;

    private Waiting() {}

    /** @throws dev.hubbub.cluster.Unavailable where it takes longer, or failed */
    static <T> T await(CompletableFuture<T> stage) {
        try {
            return stage.get(MOST_MS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw Unavailable.away();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Unavailable.away();
        }
    }
}
