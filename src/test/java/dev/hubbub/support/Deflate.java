package dev.hubbub.support;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** A client's half of permessage-deflate (RFC 7692). One thread's. */
final class Deflate {
    static final int RSV1 = 0x40;
    /** What ends every flush, and is left out on the wire (RFC 7692, section 7.2.1). */
    private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

    private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    private final Inflater inflater = new Inflater(true);
    private final boolean forgets;
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private boolean compressed;

    private Deflate(boolean forgets) {
        this.forgets = forgets;
    }

    /** Null where the server's answer does not agree to it. */
    static Deflate agreed(String extensions) {
        return extensions.startsWith("permessage-deflate")
                ? new Deflate(extensions.contains("client_no_context_takeover"))
                : null;
    }

    byte[] compress(byte[] payload) {
        byte[] buffer = new byte[payload.length + 64];
        deflater.setInput(payload);
        int length = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
        if (forgets) {
            deflater.reset();
        }
        byte[] sent = new byte[length - TAIL.length];
        System.arraycopy(buffer, 0, sent, 0, sent.length);
        return sent;
    }

    /** The message that this frame ends; null where it goes on. */
    String message(RawWebSocket.Frame frame) {
        if (frame.opcode() == RawWebSocket.TEXT) {
            compressed = (frame.first() & RSV1) != 0;
            message.reset();
        }
        message.writeBytes(frame.payload());
        if (!frame.isFinal()) {
            return null;
        }
        return compressed ? inflated() : message.toString(StandardCharsets.UTF_8);
    }

    private String inflated() {
        message.writeBytes(TAIL);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        byte[] buffer = new byte[16_384];
        inflater.setInput(message.toByteArray());
        try {
            int length = inflater.inflate(buffer);
            while (length > 0) {
                text.write(buffer, 0, length);
                length = inflater.inflate(buffer);
            }
        } catch (DataFormatException e) {
            throw new AssertionError("a compressed message is broken", e);
        }
        return text.toString(StandardCharsets.UTF_8);
    }
}
