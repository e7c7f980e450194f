package dev.hubbub.support;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Lets several threads do the same thing at the same moment. */
public final class Race {
    /** What one of the threads does. */
    public interface Runner<T> {
        T run(int thread) throws Exception;
    }

    private Race() {}

    /** Starts {@code threads} together and returns what each came back with. */
    public static <T> List<T> run(int threads, Runner<T> runner) {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            CyclicBarrier start = new CyclicBarrier(threads);
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int thread = i;
                Callable<T> task = () -> {
                    start.await(30, TimeUnit.SECONDS);
                    return runner.run(thread);
                };
                futures.add(pool.submit(task));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get(60, TimeUnit.SECONDS));
            }
            return results;
        } catch (Exception e) {
            throw new AssertionError("a thread of the race failed", e);
        } finally {
            pool.shutdownNow();
        }
    }
}
