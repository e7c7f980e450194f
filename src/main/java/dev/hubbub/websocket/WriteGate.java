package dev.hubbub.websocket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.OutgoingEntry;
import org.jspecify.annotations.Nullable;

/**
 * Lets runs of ready-made frames go straight to the socket, past Jetty's frame flusher, without ever cutting into one of
 * its frames. It is an extension of Jetty's own internal kind (its name, with an at sign, is never negotiated), and so
 * sees every frame that the container sends by itself: pongs, closes. While frames are in Jetty's hands nothing goes
 * past them; while a run is being written they wait. Of several pongs only the newest waits (RFC 6455, section 5.5.3),
 * so a client that pings without reading costs nothing. Fields are guarded by this; no I/O under the lock. It is what is
 * read, too, since another object for each connection would cost more than it tells.
 */
public final class WriteGate extends PacedReads {
    static final String NAME = "@hubbub-gate";

    /** Frames handed to Jetty and not yet written. */
    private int inJetty;

    private boolean direct;
    private boolean closed;

    private @Nullable ArrayDeque<OutgoingEntry> waiting;

    @Override
    public String getName() {
        return NAME;
    }

    @Override
    synchronized boolean isClosed() {
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
