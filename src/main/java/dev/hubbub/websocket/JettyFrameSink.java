package dev.hubbub.websocket;

import dev.hubbub.protocol.CloseCode;
import dev.hubbub.session.Batch;
import dev.hubbub.session.FrameSink;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;

/** Writes shared bytes, one write for a batch: straight to the socket, or behind what Jetty is writing. Never blocks. */
final class JettyFrameSink implements FrameSink {
    private final WriteGate gate;
    /** Found once: each object on the way to it is one more that lies elsewhere in memory. */
    private final EndPoint socket;

    JettyFrameSink(WriteGate gate, EndPoint socket) {
        this.gate = gate;
        this.socket = socket;
    }

    @Override
    public void write(Batch batch, Completion completion) {
        boolean one = batch.runs() == 1;
        byte[] bytes = one ? batch.bytes(0) : batch.copy();
        int offset = one ? batch.offset(0) : 0;
        Done done = new Done(gate, completion);
        ByteBuffer frames = ByteBuffer.wrap(bytes, offset, batch.size());
        if (!gate.write(socket, frames, done)) {
            gate.getCoreSession().sendFrame(new SharedFrames(bytes, offset, batch.size()), done, false);
        }
    }

    private record Done(WriteGate gate, Completion completion) implements Callback {
        @Override
        public void succeeded() {
            completion.written();
        }

        @Override
        public void failed(Throwable cause) {
            if (gate.getCoreSession().isOutputOpen()) {
                completion.failed(cause);
            } // else it is closing, and a failure now must not cut off the reason that is on its way
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    }

    @Override
    public void tick(long now, boolean ping) {
        if (ping) {
            gate.getCoreSession().sendFrame(new Frame(OpCode.PING, ByteBuffer.allocate(0)), Callback.NOOP, false);
        }
    }

    @Override
    public boolean answersPings() {
        return true;
    }

    @Override
    public void close(CloseCode code, String reason) {
        gate.getCoreSession().close(code.code(), reason, Callback.NOOP);
    }

    @Override
    public void abort() {
        gate.getCoreSession().abort();
    }
}
