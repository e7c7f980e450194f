package dev.hubbub.redis;

import dev.hubbub.cluster.Unavailable;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

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
    private final Clock clock;
    private volatile boolean here;
    /** How far its clock is ahead of this node's, in ms, less the way of an answer; null while it is not known. */
    private volatile @Nullable Long ahead;

    /** @param here whether it is taken to be there until it is asked */
    Master(boolean here, Executor thread, Clock clock) {
        this.here = here;
        this.clock = clock;
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

    /** What it said to a probe: its time first. */
    void time(List<Object> probe) {
        ahead = Note.number(RedisLink.text(probe.get(0))) - clock.millis();
    }

    /** When so many ms will have passed there, by its own clock; empty while that is not known. */
    String in(long ms) {
        Long known = ahead;
        return known == null ? "" : String.valueOf(clock.millis() + known + ms);
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
