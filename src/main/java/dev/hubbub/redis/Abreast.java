package dev.hubbub.redis;

import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Does the same with many things, some at once, so that Redis is never asked for all together. Each is begun by the link's
 * own thread: one of Redisson's would be kept from sending what it has begun. Thread-safe.
 */
final class Abreast<T> {
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
    /** Those that still go from one thing to the next. */
    private final AtomicInteger lanes;
    /** Guarded by itself. */
    private final Iterator<T> things;

    private final Function<T, CompletableFuture<?>> task;
    private final Executor thread;

    private Abreast(Executor thread, Iterator<T> things, int most, Function<T, CompletableFuture<?>> task) {
        this.thread = thread;
        this.things = things;
        this.task = task;
        lanes = new AtomicInteger(most);
    }

    /** Completes when all are done; with one of the failures, where there were any. */
    static <T> CompletableFuture<Void> each(
            RedisLink link, Iterable<T> things, int most, Function<T, CompletableFuture<?>> task) {
        Abreast<T> abreast = new Abreast<>(link.thread(), things.iterator(), most, task);
        for (int lane = 0; lane < most; lane++) {
            abreast.go();
        }
        return abreast.done;
    }

    private @Nullable T next() {
        synchronized (things) {
            return things.hasNext() ? things.next() : null;
        }
    }

    private void go() {
        T thing = next();
        if (thing != null) {
            // also where it fails before there is a stage
            var unused = CompletableFuture.completedFuture(thing)
                    .thenCompose(task::apply)
                    .whenCompleteAsync(
                            (result, failure) -> {
                                if (failure != null) {
                                    failed.compareAndSet(null, failure);
                                }
                                go();
                            },
                            thread);
        } else if (lanes.decrementAndGet() == 0) {
            finish();
        }
    }

    private void finish() {
        Throwable failure = failed.get();
        if (failure == null) {
            done.complete(null);
        } else {
            done.completeExceptionally(failure);
        }
    }
}
