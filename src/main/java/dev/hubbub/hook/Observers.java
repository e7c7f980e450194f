package dev.hubbub.hook;

import dev.hubbub.spi.LifecycleEvent;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a team's own code, one event after the other, in a thread of its own: whoever is slow, or throws, keeps nobody but
 * those behind. Thread-safe.
 */
final class Observers {
    private static final Logger LOG = LoggerFactory.getLogger(Observers.class);

    private final List<Consumer<LifecycleEvent>> all;
    private final ArrayBlockingQueue<LifecycleEvent> queue;
    private final LongAdder unheard;
    private final Paced full;
    private final Paced thrown;
    /** Events that wait, or are being told. */
    private final AtomicLong under = new AtomicLong();

    private final Thread thread = new Thread(this::run, "lifecycle-events");

    Observers(List<Consumer<LifecycleEvent>> all, int most, LongAdder unheard, Clock clock) {
        this.all = List.copyOf(all);
        this.queue = new ArrayBlockingQueue<>(most);
        this.unheard = unheard;
        full = new Paced(clock);
        thrown = new Paced(clock);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Neither waits nor throws. */
    void add(LifecycleEvent event) {
        under.incrementAndGet();
        if (!queue.offer(event)) {
            under.decrementAndGet();
            unheard.increment();
            if (full.isDue()) {
                LOG.warn("observers of LifecycleEvent are too slow: {} events were not told so far", unheard.sum());
            }
        }
    }

    private void run() {
        try {
            while (true) {
                LifecycleEvent event = queue.take();
                all.forEach(one -> tell(one, event));
                under.decrementAndGet();
            }
        } catch (InterruptedException e) {
            LOG.debug("no more events are told"); // the application ends
        }
    }

    private void tell(Consumer<LifecycleEvent> one, LifecycleEvent event) {
        try {
            one.accept(event);
        } catch (RuntimeException | Error e) {
            if (thrown.isDue()) {
                LOG.error("an observer of LifecycleEvent failed at {}", event.kind(), e);
            }
        }
    }

    /** Events that wait, or are being told. */
    long waiting() {
        return under.get();
    }

    void stop() {
        thread.interrupt();
    }
}
