package dev.hubbub.session;

import dev.hubbub.config.Settings;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** The node's delivery loops; each session belongs to one. */
@Singleton
public class DeliveryLoops {
    private final ExecutorService pool;
    private final List<DeliveryLoop> loops;
    private final AtomicInteger next = new AtomicInteger();

    @Inject
    public DeliveryLoops(Settings settings, Clock clock) {
        int count = settings.delivery.loops();
        AtomicInteger threads = new AtomicInteger();
        ThreadFactory factory = task -> {
            Thread thread = new Thread(task, "delivery-" + threads.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
        // once it has stopped there are still closes to be sent, by whoever has them
        pool = new ThreadPoolExecutor(
                count, count, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory, (task, stopped) -> task.run());
        loops = IntStream.range(0, count)
                .mapToObj(i -> new DeliveryLoop(pool, settings.delivery, clock))
                .toList();
    }

    public int count() {
        return loops.size();
    }

    public DeliveryLoop get(int index) {
        return loops.get(index);
    }

    /** The number of the loop for the next session. */
    int assign() {
        return Math.floorMod(next.getAndIncrement(), loops.size());
    }

    /** Lets every loop run that has something to do. The caller holds no lock. */
    public void kick() {
        for (int i = 0; i < loops.size(); i++) {
            loops.get(i).kick();
        }
    }

    @PreDestroy
    void stop() {
        pool.shutdown();
    }
}
