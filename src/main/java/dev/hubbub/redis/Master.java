package dev.hubbub.redis;

import dev.hubbub.cluster.Unavailable;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One of the Redis that have the rooms: the only one, or a master of a Cluster. Whether it answers, and what waits for it,
 * apart from what waits for others. Thread-safe.
 */
final class Master {
    /** Subscriptions that are begun, and that are ended, at once: Redisson's own line of them is as deep a stack as it is long. */
    private static final int ABREAST = 32;

    private final Pulse pulse = new Pulse();
    private final Gate attaching;
    private final Gate detaching;
    private final AtomicInteger queued = new AtomicInteger();
    private final RedisClock clock;
    private volatile boolean here;

    /** @param here whether it is taken to be there until it is asked */
    Master(boolean here, Executor thread, Clock clock) {
        this.here = here;
        this.clock = new RedisClock(clock);
        attaching = new Gate(ABREAST, thread, clock);
        detaching = new Gate(ABREAST, thread, clock);
    }

    boolean isHere() {
        return here;
    }

    /** Returns whether that is news. */
    boolean here(boolean answers) {
        boolean news = here != answers;
        here = answers;
        return news;
    }

    /** Its own. */
    RedisClock clock() {
        return clock;
    }

    Pulse pulse() {
        return pulse;
    }

    Gate attaching() {
        return attaching;
    }

    /** Of its own: whoever leaves does not wait behind those who cannot come in. */
    Gate detaching() {
        return detaching;
    }

    /** Refuses those whose turn to attach has not come in so many ms; all while it is away. Returns how many had waited so long. */
    int refuseLate(long ms) {
        if (here) {
            return attaching.refuse(ms, Unavailable.tooManyJoins());
        }
        attaching.refuse(0, Unavailable.away());
        return 0;
    }

    /** Whether one more publish may wait for it; {@link #published} is to be told of its end. */
    boolean queue(int most) {
        if (queued.incrementAndGet() > most) {
            queued.decrementAndGet();
            return false;
        }
        return true;
    }

    void published() {
        queued.decrementAndGet();
    }
}
