package dev.hubbub.session;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * A session's write: one is in flight at a time, and its completion gives the session another turn. Begun by the
 * session's loop, completed by any thread, maybe before {@code begin} returns. Each delivery comes by here, so it costs
 * three atomic steps, and stores no references, of which the collector would want to know.
 */
final class Write implements FrameSink.Completion {
    private static final int DONE = 0;
    /** Within {@code sink.write}: who completes it meanwhile leaves the next turn to whoever began it. */
    private static final int BEGINNING = 1;

    private static final int UNDER_WAY = 2;

    private static final AtomicIntegerFieldUpdater<Write> STATE =
            AtomicIntegerFieldUpdater.newUpdater(Write.class, "state");

    private final Session session;
    private volatile int state = DONE;
    /** In ms; written before {@code state}. */
    private long since;
    /** Of the loop. */
    private boolean lagging;

    Write(Session session) {
        this.session = session;
    }

    boolean isInFlight() {
        return state != DONE;
    }

    /** Whether the last one did not complete at once; for the session's loop alone. */
    boolean isLagging() {
        return lagging;
    }

    /** Whether it has been in flight for longer than so many ms. */
    boolean isOverdue(long now, long deadlineMs) {
        return isInFlight() && now - since > deadlineMs;
    }

    /** @return whether it completed at once, so that another may follow */
    boolean begin(FrameSink sink, Batch batch, long now) {
        since = now;
        state = BEGINNING;
        try {
            sink.write(batch, this);
        } finally {
            lagging = STATE.compareAndSet(this, BEGINNING, UNDER_WAY);
        }
        return !lagging;
    }

    @Override
    public void written() {
        if (STATE.getAndSet(this, DONE) == UNDER_WAY) {
            session.wake();
        }
    }

    @Override
    public void failed(Throwable cause) {
        if (!session.isClosed()) {
            session.abort(); // one that is closing is cut off when its time is over, not before its reason is sent
        }
    }
}
