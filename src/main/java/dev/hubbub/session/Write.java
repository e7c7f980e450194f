package dev.hubbub.session;

import org.jspecify.annotations.Nullable;

/**
 * A session's write: one is in flight at a time, and its completion gives the session another turn. Begun by the
 * session's loop, completed by any thread, maybe before {@code begin} returns; hence no lock, but volatile fields.
 */
final class Write implements FrameSink.Completion {
    private final Session session;
    /** Set by the loop, cleared by whoever completes it. */
    private volatile boolean inFlight;

    /** The thread that is within {@code sink.write}; a completion that it makes needs no new turn. */
    private volatile @Nullable Thread writer;

    private volatile long since;
    private volatile boolean lagging;

    Write(Session session) {
        this.session = session;
    }

    boolean isInFlight() {
        return inFlight;
    }

    /** Whether the last one did not complete at once. */
    boolean isLagging() {
        return lagging;
    }

    /** Whether it has been in flight for longer than so many ms. */
    boolean isOverdue(long now, long deadlineMs) {
        return inFlight && now - since > deadlineMs;
    }

    /** @return whether it completed at once, so that another may follow */
    boolean begin(FrameSink sink, Batch batch, long now) {
        inFlight = true;
        since = now;
        writer = Thread.currentThread();
        try {
            sink.write(batch, this);
        } finally {
            writer = null;
        }
        boolean completed = !inFlight;
        lagging = !completed;
        return completed;
    }

    @Override
    public void written() {
        inFlight = false;
        if (writer != Thread.currentThread()) {
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
