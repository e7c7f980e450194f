package dev.hubbub.websocket;

import dev.hubbub.protocol.CloseCode;
import dev.hubbub.session.Batch;
import dev.hubbub.session.FrameSink;
import java.nio.ByteBuffer;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;

/** Writes to Jetty's core session: shared bytes, one write for a batch, nothing blocks. */
final class JettyFrameSink implements FrameSink {
    private final CoreSession core;

    JettyFrameSink(CoreSession core) {
        this.core = core;
    }

    @Override
    public void write(Batch batch, Completion completion) {
        Frame frames = batch.runs() == 1
                ? new SharedFrames(batch.bytes(0), batch.offset(0), batch.length(0))
                : new SharedFrames(batch.copy(), 0, batch.size());
        core.sendFrame(frames, new Done(completion), false);
    }

    private record Done(Completion completion) implements Callback {
        @Override
        public void succeeded() {
            completion.written();
        }

        @Override
        public void failed(Throwable cause) {
            completion.failed(cause);
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    }

    @Override
    public void tick(long now, boolean ping) {
        if (ping) {
            core.sendFrame(new Frame(OpCode.PING, ByteBuffer.allocate(0)), Callback.NOOP, false);
        }
    }

    @Override
    public boolean answersPings() {
        return true;
    }

    @Override
    public void close(CloseCode code, String reason) {
        core.close(code.code(), reason, Callback.NOOP);
    }

    @Override
    public void abort() {
        core.abort();
    }
}
