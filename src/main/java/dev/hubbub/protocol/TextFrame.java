package dev.hubbub.protocol;

/**
 * A server's text frame (RFC 6455, section 5.2): final, unmasked, one message. It is the form in which all encoded
 * messages are kept, so that any run of them can go to a socket as it lies; other transports walk it by its lengths.
 */
public final class TextFrame {
    private static final byte FINAL_TEXT = (byte) 0x81;

    private TextFrame() {}

    /** The length of the header before {@code payload} bytes. */
    public static int headerLength(int payload) {
        return payload < 126 ? 2 : payload < 65536 ? 4 : 10;
    }

    /** Writes the header at {@code at} and returns where the payload begins. */
    public static int putHeader(byte[] into, int at, int payload) {
        into[at] = FINAL_TEXT;
        if (payload < 126) {
            into[at + 1] = (byte) payload;
            return at + 2;
        }
        int bytes = payload < 65536 ? 2 : 8;
        into[at + 1] = (byte) (bytes == 2 ? 126 : 127);
        for (int i = 0; i < bytes; i++) {
            into[at + 1 + bytes - i] = i < 4 ? (byte) (payload >>> (8 * i)) : 0;
        }
        return at + 2 + bytes;
    }

    /** The length of the payload whose frame begins at {@code at}. */
    public static int payloadLength(byte[] in, int at) {
        int length = in[at + 1] & 0x7f;
        if (length < 126) {
            return length;
        }
        int bytes = length == 126 ? 2 : 8;
        int value = 0;
        for (int i = 0; i < bytes; i++) {
            value = (value << 8) | (in[at + 2 + i] & 0xff);
        }
        return value;
    }
}
