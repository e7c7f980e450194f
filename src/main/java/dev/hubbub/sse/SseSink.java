package dev.hubbub.sse;

import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.SessionFrames;
import dev.hubbub.session.Batch;
import dev.hubbub.session.FrameSink;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a session as an event stream, asynchronously: it holds at most one write, and goes on when the container says
 * that the client takes more. Fields are guarded by this; completions are told outside of it.
 */
final class SseSink implements FrameSink, WriteListener {
    private static final Logger LOG = LoggerFactory.getLogger(SseSink.class);
    private static final byte[] COMMENT = {':'};
    private static final byte[] COMMENT_END = {'\n', '\n'};

    private final AsyncContext context;
    private final ServletOutputStream out;
    private final EventWriter writer;
    private final Clock clock;
    private final long keepaliveMs;
    private final Runnable gone;

    private final ByteArrayOutputStream waiting = new ByteArrayOutputStream(0);
    private @Nullable Completion completion;
    private boolean flushing;
    /** The container has been asked and will call when it takes more. */
    private boolean blocked = true;

    private boolean commentOpen;
    private boolean closing;
    private boolean done;
    private boolean ended;
    private long wroteAt;

    SseSink(
            AsyncContext context,
            ServletOutputStream out,
            EventWriter writer,
            String preamble,
            Clock clock,
            long keepaliveMs,
            Runnable gone) {
        this.context = context;
        this.out = out;
        this.writer = writer;
        this.clock = clock;
        this.keepaliveMs = keepaliveMs;
        this.gone = gone;
        this.wroteAt = clock.millis();
        waiting.writeBytes(preamble.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void write(Batch batch, Completion written) {
        synchronized (this) {
            endComment();
            waiting.writeBytes(writer.events(batch));
            completion = written;
        }
        pump();
    }

    private void endComment() {
        if (commentOpen) {
            waiting.writeBytes(COMMENT_END);
            commentOpen = false;
        }
    }

    @Override
    public void onWritePossible() {
        synchronized (this) {
            blocked = false;
        }
        pump();
    }

    /** Gives the container what waits, as far as it takes it. */
    private void pump() {
        Completion told = null;
        Throwable failed = null;
        boolean ended = false;
        synchronized (this) {
            try {
                if (!blocked && !done && drain()) {
                    told = completion;
                    completion = null;
                    if (closing) {
                        done = true;
                        ended = true;
                        context.complete();
                    }
                }
            } catch (IOException | IllegalStateException e) {
                done = true;
                failed = e;
            }
        }
        if (told != null) {
            told.written();
        }
        if (failed != null) {
            onError(failed);
        }
        if (ended) {
            gone.run();
        }
    }

    /** Whether everything is on its way. */
    private boolean drain() throws IOException {
        while (waiting.size() > 0 || flushing) {
            if (!out.isReady()) {
                blocked = true;
                return false;
            }
            if (waiting.size() > 0) {
                byte[] bytes = waiting.toByteArray();
                waiting.reset();
                out.write(bytes);
                wroteAt = clock.millis();
                flushing = true;
            } else {
                out.flush();
                flushing = false;
            }
        }
        if (!out.isReady()) {
            blocked = true;
            return false;
        }
        return true;
    }

    /**
     * A comment where nothing else was sent for a while. It goes in two halves a second apart: the first makes a peer
     * that is gone say so, the second finds out.
     */
    @Override
    public void tick(long now, boolean ping) {
        synchronized (this) {
            if (done || closing || completion != null) {
                return;
            }
            if (commentOpen) {
                endComment();
            } else if (now - wroteAt >= keepaliveMs - 2_000) {
                waiting.writeBytes(COMMENT);
                commentOpen = true;
            } else {
                return;
            }
        }
        pump();
    }

    @Override
    public boolean answersPings() {
        return false;
    }

    @Override
    public void close(CloseCode code, String reason) {
        synchronized (this) {
            if (closing) {
                return;
            }
            endComment();
            String id = code.reconnect() ? null : StreamCursor.END + code.code();
            waiting.writeBytes(EventWriter.single(SessionFrames.closed(code, reason, clock.millis()), id));
            closing = true;
        }
        pump();
    }

    @Override
    public void abort() {
        onError(new IOException("cut off"));
    }

    @Override
    public void onError(Throwable cause) {
        boolean first;
        synchronized (this) {
            first = !ended;
            ended = true;
            done = true;
            waiting.reset();
        }
        if (first) {
            LOG.debug("an event stream broke: {}", cause.toString());
            try {
                context.complete();
            } catch (IllegalStateException e) {
                LOG.debug("it was completed already", e);
            }
            gone.run();
        }
    }
}
