package dev.hubbub.websocket;

import dev.hubbub.protocol.TextFrame;
import java.nio.ByteBuffer;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;

/**
 * Several text frames in a row as one of Jetty's, over shared bytes. Jetty writes a header for the first message's
 * length and then the whole payload buffer, in which the headers of the others already stand. Going through Jetty's own
 * flusher keeps control frames out of its middle. Valid only without extensions.
 */
final class SharedFrames extends Frame {
    private final int firstLength;

    SharedFrames(byte[] frames, int offset, int length) {
        this(frames, offset, length, TextFrame.payloadLength(frames, offset));
    }

    private SharedFrames(byte[] frames, int offset, int length, int firstLength) {
        super(OpCode.TEXT, true, payload(frames, offset, length, TextFrame.headerLength(firstLength)));
        this.firstLength = firstLength;
    }

    private static ByteBuffer payload(byte[] frames, int offset, int length, int header) {
        return ByteBuffer.wrap(frames, offset + header, length - header);
    }

    @Override
    public int getPayloadLength() {
        return firstLength;
    }
}
