package dev.hubbub.redis;

import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Does the same with many things, some at once, so that Redis is never asked for all together. Thread-safe. */
final class Abreast<T> {
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
    /** Used by whoever is in {@link #next}, one at a time. */
    private final Iterator<T> things;

    private final int most;
    private final Function<T, CompletableFuture<?>> task;

    private Abreast(Iterator<T> things, int most, Function<T, CompletableFuture<?>> task) {
        this.things = things;
        this.most = most;
        this.task = task;
    }

    /** Completes when all are done; with one of the failures, where there were any. */
    static <T> CompletableFuture<Void> each(Iterable<T> things, int most, Function<T, CompletableFuture<?>> task) {
        Abreast<T> abreast = new Abreast<>(things.iterator(), most, task);
        abreast.next();
        return abreast.done;
    }

    /** A call that comes while another is at it leaves it the work: completions may call from within. */
    private void next() {
        if (calls.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            while (underWay.get() < most && things.hasNext()) {
                underWay.incrementAndGet();
                var unused = task.apply(things.next()).whenComplete(this::ended);
            }
            if (underWay.get() == 0 && !things.hasNext()) {
                Throwable failure = failed.get();
                if (failure == null) {
                    done.complete(null);
                } else {
                    done.completeExceptionally(failure);
                }
            }
            seen = calls.addAndGet(-seen);
        } while (seen != 0);
    }

    private void ended(@Nullable Object result, @Nullable Throwable failure) {
        if (failure != null) {
            failed.compareAndSet(null, failure);
        }
        underWay.decrementAndGet();
        next();
    }
}
