package dev.hubbub.protocol;

import java.nio.charset.StandardCharsets;

/**
 * One encoded message: a {@link TextFrame} in {@code length} bytes of {@code bytes} from {@code offset}. Nobody writes
 * to the bytes after it is made.
 */
@SuppressWarnings("ArrayRecordComponent") // shared on purpose; never compared
public record Encoded(byte[] bytes, int offset, int length) {
    /** The JSON text without the frame around it. */
    public String json() {
        int payload = TextFrame.payloadLength(bytes, offset);
        return new String(bytes, offset + length - payload, payload, StandardCharsets.UTF_8);
    }
}
