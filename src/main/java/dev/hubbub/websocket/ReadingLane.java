package dev.hubbub.websocket;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Where connections that send a lot are read on, a few frames of one, then a few of the next. It has few threads, and may
 * rest as long as it works, so that whoever sends little does not wait for a core behind all who send a lot, however many
 * they are. Each connection is in line once at most. Thread-safe.
 */
final class ReadingLane implements Executor {
    /**
     * Whoever is in line waits no longer for a rest, in ns. Not a setting: a rest is as long as the turn before it, whatever
     * the machine, and this only keeps one long turn from making two of itself. What there is to set is how fast a connection
     * is read ({@code hubbub.limits.frames-per-second}), and by how many threads ({@code hubbub.delivery.loops}).
     */
    private static final long LONGEST_REST = TimeUnit.MILLISECONDS.toNanos(2);

    private final ThreadPoolExecutor threads;
    private final LongSupplier clock;
    private final LongConsumer rest;

    /**
     * @param clock in ns
     * @param rest what is done behind each turn, told how long that was in ns
     */
    ReadingLane(int count, LongSupplier clock, LongConsumer rest) {
        this.clock = clock;
        this.rest = rest;
        threads = new ThreadPoolExecutor(
                count,
                count,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Reader::new,
                new ThreadPoolExecutor.DiscardPolicy()); // once it has stopped: the connections end as well
        threads.allowCoreThreadTimeOut(true);
    }

    /** @param rests whether half of its time is for others */
    static ReadingLane of(int count, boolean rests) {
        return new ReadingLane(
                count,
                System::nanoTime,
                rests ? worked -> LockSupport.parkNanos(Math.min(worked, LONGEST_REST)) : worked -> {});
    }

    private static final class Reader extends Thread {
        Reader(Runnable task) {
            super(task, "reading");
            setDaemon(true);
        }
    }

    /** Behind whoever is in line. */
    void later(Runnable task) {
        threads.execute(() -> {
            long begun = clock.getAsLong();
            task.run();
            rest.accept(clock.getAsLong() - begun);
        });
    }

    /** What Jetty does where it is asked for the next frame: at once where it was asked by one in line. */
    @Override
    public void execute(Runnable task) {
        if (Thread.currentThread() instanceof Reader) {
            task.run();
        } else {
            later(task);
        }
    }

    void stop() {
        threads.shutdownNow();
    }
}
