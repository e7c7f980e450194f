package dev.hubbub.cluster;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How what the nodes share is doing, as this node sees it: told by whoever talks to it, read by health and metrics. A
 * node that is alone is always well. Thread-safe.
 */
@Singleton
public class ClusterHealth {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterHealth.class);
    /** It is not ready once it is away for so long, in ms. */
    private static final long TOLERATED_MS = 5_000;

    /** Times that it went away and came back. */
    public final LongAdder reconnects = new LongAdder();
    /** What could not be read of what lay or came under this server's own names. */
    public final LongAdder garbage = new LongAdder();
    /** Messages that were missed on the way, and read back. */
    public final LongAdder filled = new LongAdder();
    /** Rooms whose numbering began anew, since messages were lost. */
    public final LongAdder renewed = new LongAdder();
    /** Requests made of it. */
    public final LongAdder requests = new LongAdder();
    /** Requests that failed. */
    public final LongAdder failures = new LongAdder();
    /** Publishes refused since too many waited for it. */
    public final LongAdder overfull = new LongAdder();

    /** Joins refused since their turn with it did not come in time. */
    public final LongAdder lateJoins = new LongAdder();

    /** Joins refused since this node was in as many rooms as it can be. */
    public final LongAdder fullJoins = new LongAdder();

    private final Clock clock;
    private final CountDownLatch told = new CountDownLatch(1);
    private volatile String unfit = "";
    /** Of its parts, how many are away. */
    private volatile IntSupplier partsAway = () -> 0;

    private volatile boolean ending;
    /** Whether it has ever answered. */
    private volatile boolean known;
    /** Since when it is away, in ms; 0 while it is there. */
    private volatile long awaySince;

    @Inject
    public ClusterHealth(Clock clock) {
        this.clock = clock;
    }

    /** What tells the time to whoever talks to it. */
    public Clock clock() {
        return clock;
    }

    /** Who knows how many of its parts are away, where it has parts. */
    public void watch(IntSupplier away) {
        partsAway = away;
    }

    public int partsAway() {
        return partsAway.getAsInt();
    }

    /** It answers. */
    public void here() {
        told.countDown();
        unfit = "";
        if (awaySince != 0) {
            awaySince = 0;
            if (known) {
                reconnects.increment();
            }
            known = true;
        }
    }

    /** It does not answer. */
    public void away() {
        if (awaySince == 0) {
            awaySince = clock.millis();
        }
    }

    /** It is of no use as it is set up. */
    public void unfit(String why) {
        if (!why.equals(unfit)) {
            LOG.error("{}", why);
        }
        unfit = why;
        away();
        told.countDown();
    }

    /** Waits for its first answer, but not for long; says why it is of no use, or nothing. */
    public String awaitFirst(Duration most) throws InterruptedException {
        boolean unused = told.await(most.toMillis(), TimeUnit.MILLISECONDS);
        return unfit;
    }

    /** It has not answered since the start. */
    public void notYet() {
        awaySince = clock.millis() - TOLERATED_MS;
    }

    /** This node drains or ends: it is to be sent nobody any more, and takes nobody, until it is started anew. */
    public void end() {
        ending = true;
    }

    public boolean isEnding() {
        return ending;
    }

    public boolean isHere() {
        return awaySince == 0;
    }

    /** Whether the node should be sent clients. */
    public boolean isReady() {
        long since = awaySince;
        return !ending && (since == 0 || clock.millis() - since < TOLERATED_MS);
    }
}
