package dev.hubbub.session;

import dev.hubbub.config.Settings;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves its sessions one after another: whoever runs the loop has all of their delivery to itself. It has no thread of
 * its own; who finds it idle runs it when little is ready, else a pool thread does. Any thread may add and kick.
 */
public final class DeliveryLoop {
    private static final Logger LOG = LoggerFactory.getLogger(DeliveryLoop.class);
    /** A thread that lends itself gives the loop back to the pool after so many tasks. */
    private static final int LENT = 64;
    /**
     * A loop that had nothing to do for so long is not about to gather a batch, and handing a fan-out to another thread
     * costs more than it saves.
     */
    private static final long QUIET_MS = 10;

    /** Something to be done by the loop. */
    public abstract static class Task {
        /** Guarded by the loop. */
        private boolean queued;

        /** @return whether it wants another turn, after the others */
        protected abstract boolean run(Batch batch);

        /** About how many sessions it serves. */
        protected abstract int weight();

        /** Its turn failed: it harms nobody else. */
        protected abstract void failed(Throwable cause);
    }

    private final Executor pool;
    private final int inline;
    private final int inlineWhenIdle;
    private final Clock clock;
    private final Batch batch;
    /** Guarded by this, as the next two. */
    private final ArrayDeque<Task> ready = new ArrayDeque<>();

    private int weight;
    private boolean running;

    /** When it last ran out of work, in ms; guarded by this. */
    private long idleSince;

    DeliveryLoop(Executor pool, Settings.Delivery settings, Clock clock) {
        this.pool = pool;
        this.inline = settings.inlineSessions();
        this.inlineWhenIdle = settings.idleInlineSessions();
        this.clock = clock;
        this.batch = new Batch(settings.batchBytes());
    }

    /** Puts a task in line, where it does not stand there already. Nothing is done before the next {@link #kick}. */
    public synchronized void add(Task task) {
        if (!task.queued) {
            task.queued = true;
            ready.add(task);
            weight += task.weight();
        }
    }

    /** Sees to it that the loop runs. The caller holds no lock: it may be the one that runs it. */
    public void kick() {
        boolean lend;
        synchronized (this) {
            if (running || ready.isEmpty()) {
                return;
            }
            running = true;
            lend = weight <= inline || (weight <= inlineWhenIdle && clock.millis() - idleSince >= QUIET_MS);
        }
        if (lend) {
            run(LENT);
        } else {
            pool.execute(() -> run(Integer.MAX_VALUE));
        }
    }

    /** As {@link #add}, where something is under way or in line; false where nothing is, and nothing is done. */
    synchronized boolean addBehind(Task task) {
        boolean busy = running || !ready.isEmpty();
        if (busy) {
            add(task);
        }
        return busy;
    }

    private void run(int most) {
        for (int i = 0; i < most; i++) {
            Task task = next();
            if (task == null) {
                return;
            }
            if (runOne(task)) {
                add(task);
            }
        }
        pool.execute(() -> run(Integer.MAX_VALUE));
    }

    private synchronized @org.jspecify.annotations.Nullable Task next() {
        Task task = ready.poll();
        if (task == null) {
            running = false;
            weight = 0;
            idleSince = clock.millis();
        } else {
            task.queued = false;
        }
        return task;
    }

    private boolean runOne(Task task) {
        try {
            return task.run(batch);
        } catch (RuntimeException | Error e) {
            LOG.error("a delivery failed", e);
            batch.clear();
            failed(task, e);
            return false;
        }
    }

    /** Whatever that does, the loop goes on. */
    private static void failed(Task task, Throwable cause) {
        try {
            task.failed(cause);
        } catch (RuntimeException | Error e) {
            LOG.error("what failed cannot be ended", e);
        }
    }
}
