package dev.hubbub.access;

import dev.hubbub.config.Settings;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Refusal;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where clients wait for their user's place who have no thread of their own for it: those that log in by message, and event
 * streams whose token's key had to be fetched first. Thread-safe.
 */
@Singleton
public class EntryThreads {
    /** Each waits for a second at most. */
    private static final int THREADS = 8;

    private static final int MOST_WAITING = 1_000;
    /** What is told where more wait. */
    public static final Refusal BUSY = new Refusal(ErrorCode.UNAVAILABLE, "too many log in at once", 2_000);

    /** Null where nobody waits: without Redis, or without limits. */
    private final @Nullable ThreadPoolExecutor threads;

    @Inject
    public EntryThreads(Settings settings) {
        this.threads = settings.redis.isUsed() && settings.limits.enabled() ? threads() : null;
    }

    private static ThreadPoolExecutor threads() {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                THREADS, THREADS, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), task -> {
                    Thread thread = new Thread(task, "places");
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /** Runs what may wait for Redis, in a thread that may; false where too many wait already. */
    public boolean run(Runnable task) {
        if (threads == null) {
            task.run();
            return true;
        }
        try {
            threads.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    @PreDestroy
    void stop() {
        if (threads != null) {
            threads.shutdownNow();
        }
    }
}
