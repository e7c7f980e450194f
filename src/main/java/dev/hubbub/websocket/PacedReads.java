package dev.hubbub.websocket;

import dev.hubbub.access.Pace;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.AbstractExtension;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.util.DemandChain;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a connection sends passes here as fast as {@link FramePace} lets it, and a few frames in a row: Jetty reads the next
 * frame when it is asked for, and it is asked for later. Its fields are those of whoever reads, one thread at a time.
 */
abstract class PacedReads extends AbstractExtension implements DemandChain {
    private static final Logger LOG = LoggerFactory.getLogger(PacedReads.class);
    /** Frames. */
    static final int TURN = 4;

    /** Set before the first frame is read. */
    private @Nullable Reading how;

    /** Of whom it is, as is {@code how}. */
    private @Nullable Pace talk;
    /** The pace's account; whoever asks for the next frame has seen the one before. */
    private long account;
    /** Frames read since others had their turn. */
    private byte inARow;

    private @Nullable DemandChain next;

    /** Whether the connection has been told to go. */
    abstract boolean isClosed();

    /**
     * To be called before the first frame is read.
     *
     * @param pace where it is told what was refused of what is read
     */
    final void begin(Reading reading, Pace pace) {
        how = reading;
        talk = pace;
        FramePace limit = reading.pace();
        account = limit == null ? 0 : limit.begin();
    }

    @Override
    public final void setNextDemand(DemandChain demand) {
        next = demand;
    }

    private @Nullable FramePace pace() {
        return how == null ? null : how.pace();
    }

    @Override
    public final void onFrame(Frame frame, Callback callback) {
        FramePace limit = pace();
        if (limit != null) {
            account = limit.frame(account);
        }
        nextIncomingFrame(frame, callback);
    }

    /**
     * Whoever floods, or sends what is refused, is not read on at once; who floods on once told to go is not read at all.
     * Whoever may send a lot is read on in line with others who do, since this thread may read for all.
     */
    @Override
    public final void demand() {
        FramePace limit = pace();
        if (limit == null) {
            readInTurn();
            return;
        }
        long waitNanos = Math.max(0, limit.waitNanos(account));
        long pauseNanos = limit.pauseNanos(talk == null ? 0 : talk.takeStrikes());
        if (waitNanos > 0 && isClosed()) {
            hold(limit, getCoreSession()::abort, FramePace.FAREWELL_NS);
        } else if (pauseNanos > waitNanos && !isClosed()) {
            inARow = 0;
            limit.pause(() -> elsewhere(this::read), pauseNanos);
        } else if (waitNanos > 0) {
            hold(limit, this::read, waitNanos);
        } else {
            readInTurn();
        }
    }

    /** The thread that waits does so for everybody, and does nothing itself. */
    private void hold(FramePace limit, Runnable next, long waitNanos) {
        limit.hold(getCoreSession().getRemoteAddress(), () -> elsewhere(next), waitNanos);
    }

    /** Whoever reads for all begins with this connection. */
    final void beginTurn() {
        inARow = 0;
    }

    private void readInTurn() {
        inARow++;
        if (inARow < TURN) {
            read();
        } else {
            inARow = 0;
            elsewhere(this::read);
        }
    }

    private void elsewhere(Runnable task) {
        if (how == null) {
            task.run();
        } else {
            how.line().execute(task);
        }
    }

    private void read() {
        try {
            if (next != null) {
                next.demand();
            }
        } catch (IllegalStateException e) {
            LOG.debug("nothing is read of a connection that has ended meanwhile", e);
        }
    }
}
