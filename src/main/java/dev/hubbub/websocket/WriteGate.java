package dev.hubbub.websocket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.AbstractExtension;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.OutgoingEntry;
import org.eclipse.jetty.websocket.core.util.DemandChain;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets runs of ready-made frames go straight to the socket, past Jetty's frame flusher, without ever cutting into one of
 * its frames. It is an extension of Jetty's own internal kind (its name, with an at sign, is never negotiated), and so
 * sees every frame that the container sends by itself: pongs, closes. While frames are in Jetty's hands nothing goes
 * past them; while a run is being written they wait. Of several pongs only the newest waits (RFC 6455, section 5.5.3),
 * so a client that pings without reading costs nothing. Fields are guarded by this; no I/O under the lock. What comes in
 * passes as fast as {@link FramePace} lets it.
 */
public final class WriteGate extends AbstractExtension implements DemandChain {
    private static final Logger LOG = LoggerFactory.getLogger(WriteGate.class);

    static final String NAME = "@hubbub-gate";
    /** Frames. */
    static final int TURN = 8;

    /** Frames handed to Jetty and not yet written. */
    private int inJetty;

    private boolean direct;
    private boolean closed;
    /** Frames read since others had their turn; the reading thread's own. */
    private byte inARow;

    private @Nullable ArrayDeque<OutgoingEntry> waiting;

    /** Set before the first frame is read; null where nothing is limited. */
    private @Nullable FramePace pace;
    /** The pace's account; whoever asks for the next frame has seen the one before. */
    private long account;

    private @Nullable DemandChain reading;

    @Override
    public String getName() {
        return NAME;
    }

    /** To be called before the first frame is read. */
    void pace(FramePace limit) {
        pace = limit;
        account = limit.begin();
    }

    @Override
    public void setNextDemand(DemandChain next) {
        reading = next;
    }

    @Override
    public void onFrame(Frame frame, Callback callback) {
        if (pace != null) {
            account = pace.frame(account);
        }
        nextIncomingFrame(frame, callback);
    }

    /**
     * Whoever floods is not read on at once, and once it has been told to go it is not read at all. Whoever may send a lot
     * is read on in another thread after a while, since this one may read for all.
     */
    @Override
    public void demand() {
        long waitNanos = pace == null ? 0 : pace.waitNanos(account);
        if (pace == null || waitNanos <= 0) {
            readInTurn();
        } else if (isClosed()) {
            hold(getCoreSession()::abort, FramePace.FAREWELL_NS);
        } else {
            hold(this::read, waitNanos);
        }
    }

    /** Whoever reads for all begins with this connection. */
    void beginTurn() {
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

    private void hold(Runnable next, long waitNanos) {
        if (pace != null) {
            // the thread that waits does so for everybody, and does nothing itself
            pace.hold(getCoreSession().getRemoteAddress(), () -> elsewhere(next), waitNanos);
        }
    }

    private void elsewhere(Runnable task) {
        getCoreSession().getWebSocketComponents().getExecutor().execute(task);
    }

    private void read() {
        try {
            if (reading != null) {
                reading.demand();
            }
        } catch (IllegalStateException e) {
            LOG.debug("nothing is read of a connection that has ended meanwhile", e);
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public void sendFrame(OutgoingEntry entry) {
        boolean pong = entry.getFrame().getOpCode() == OpCode.PONG;
        OutgoingEntry replaced = null;
        synchronized (this) {
            closed |= entry.getFrame().getOpCode() == OpCode.CLOSE;
            if (!direct && (!pong || inJetty == 0)) {
                inJetty++;
            } else {
                replaced = pong ? removePong() : null;
                waiting().add(entry);
                entry = null;
            }
        }
        if (replaced != null) {
            replaced.getCallback().succeeded();
        }
        if (entry != null) {
            pass(entry);
        }
    }

    private ArrayDeque<OutgoingEntry> waiting() {
        ArrayDeque<OutgoingEntry> entries = waiting;
        if (entries == null) {
            entries = new ArrayDeque<>(2);
            waiting = entries;
        }
        return entries;
    }

    private @Nullable OutgoingEntry removePong() {
        for (OutgoingEntry entry : waiting()) {
            if (entry.getFrame().getOpCode() == OpCode.PONG) {
                waiting().remove(entry);
                return entry;
            }
        }
        return null;
    }

    private void pass(OutgoingEntry entry) {
        nextOutgoingFrame(new OutgoingEntry.Builder(entry)
                .callback(Callback.from(entry.getCallback(), this::left))
                .build());
    }

    private void left() {
        OutgoingEntry next;
        synchronized (this) {
            inJetty--;
            next = next();
        }
        if (next != null) {
            pass(next);
        }
    }

    /** The next that waited and may pass; its lock is held. */
    private @Nullable OutgoingEntry next() {
        if (direct || inJetty > 0 || waiting == null) {
            return null;
        }
        OutgoingEntry next = waiting.poll();
        if (waiting.isEmpty()) {
            waiting = null;
        }
        if (next != null) {
            inJetty++;
        }
        return next;
    }

    /**
     * Writes a run of whole frames straight to the socket.
     *
     * @return false where it must go through Jetty, behind what is there
     */
    boolean write(EndPoint socket, ByteBuffer frames, Callback callback) {
        synchronized (this) {
            if (closed) {
                return true; // nothing follows a close; the callback is left, and the container tells the end
            }
            if (inJetty > 0 || direct) {
                return false;
            }
            direct = true;
        }
        try {
            if (!flush(socket, frames)) {
                socket.write(Callback.from(this::release, callback), frames);
                return true;
            }
        } catch (IOException | RuntimeException e) {
            release();
            callback.failed(e);
            return true;
        }
        release();
        callback.succeeded();
        return true;
    }

    /** One buffer in one plain write: Jetty's own flush gathers, which costs more. */
    private static boolean flush(EndPoint socket, ByteBuffer frames) throws IOException {
        if (socket instanceof SocketChannelEndPoint plain) {
            plain.getChannel().write(frames);
            return !frames.hasRemaining();
        }
        return socket.flush(frames);
    }

    private void release() {
        OutgoingEntry next;
        synchronized (this) {
            direct = false;
            next = next();
        }
        if (next != null) {
            pass(next);
        }
    }
}
