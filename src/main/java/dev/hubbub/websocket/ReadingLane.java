package dev.hubbub.websocket;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Where connections that send a lot are read on, a few frames of one, then a few of the next. It has few threads, so that
 * whoever sends little does not wait for a core behind all who send a lot, however many they are. Each connection is in
 * line once at most. Thread-safe.
 */
final class ReadingLane implements Executor {
    private final ThreadPoolExecutor threads;

    ReadingLane(int count) {
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

    private static final class Reader extends Thread {
        Reader(Runnable task) {
            super(task, "reading");
            setDaemon(true);
        }
    }

    /** Behind whoever is in line. */
    void later(Runnable task) {
        threads.execute(task);
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
