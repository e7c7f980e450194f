package dev.hubbub.websocket;

import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.TextFrame;
import dev.hubbub.session.Batch;
import dev.hubbub.session.FrameSink;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import org.eclipse.jetty.ee11.websocket.jakarta.common.JakartaWebSocketSession;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes through Jakarta's own interface, message by message: for any container, and where frames are compressed. */
final class PortableFrameSink implements FrameSink {
    private static final Logger LOG = LoggerFactory.getLogger(PortableFrameSink.class);
    private static final int MOST_REASON_BYTES = 123;

    private final Session session;

    PortableFrameSink(Session session) {
        this.session = session;
    }

    @Override
    public void write(Batch batch, Completion completion) {
        ArrayDeque<String> messages = new ArrayDeque<>();
        for (int run = 0; run < batch.runs(); run++) {
            byte[] in = batch.bytes(run);
            int end = batch.offset(run) + batch.length(run);
            for (int at = batch.offset(run); at < end; ) {
                int length = TextFrame.payloadLength(in, at);
                int start = at + TextFrame.headerLength(length);
                messages.add(new String(in, start, length, StandardCharsets.UTF_8));
                at = start + length;
            }
        }
        next(messages, completion);
    }

    private void next(ArrayDeque<String> messages, Completion completion) {
        String message = messages.poll();
        if (message == null) {
            completion.written();
            return;
        }
        session.getAsyncRemote().sendText(message, result -> {
            if (result.isOK()) {
                next(messages, completion);
            } else {
                completion.failed(result.getException());
            }
        });
    }

    @Override
    public void tick(long now, boolean ping) {
        if (!ping) {
            return;
        }
        if (session instanceof JakartaWebSocketSession jetty) {
            // Jakarta's sendPing waits for the write: a client that does not read would hold up everybody's ticks
            Frame frame = new Frame(OpCode.PING, ByteBuffer.allocate(0));
            jetty.getCoreSession().sendFrame(frame, Callback.NOOP, false);
            return;
        }
        try {
            session.getAsyncRemote().sendPing(ByteBuffer.allocate(0));
        } catch (IOException e) {
            LOG.debug("no ping", e);
        }
    }

    @Override
    public boolean answersPings() {
        return true;
    }

    @Override
    public void close(CloseCode code, String reason) {
        try {
            session.close(new CloseReason(CloseReason.CloseCodes.getCloseCode(code.code()), fitting(reason)));
        } catch (IOException e) {
            LOG.debug("no close", e);
        }
    }

    /** No longer than a close frame has room for (RFC 6455, section 5.5). */
    private static String fitting(String reason) {
        String text = reason;
        while (text.getBytes(StandardCharsets.UTF_8).length > MOST_REASON_BYTES) {
            text = text.substring(0, text.offsetByCodePoints(text.length(), -1));
        }
        return text;
    }

    @Override
    public void abort() {
        close(CloseCode.SERVER_FAULT, "");
    }
}
