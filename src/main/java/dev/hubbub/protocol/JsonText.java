package dev.hubbub.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Builds one JSON message as UTF-8 (RFC 8259) behind room for its frame's header. Not thread-safe; use once. */
final class JsonText {
    /** Room for the longest header, so that the text need not move when its length is known. */
    private static final int MARGIN = 10;

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] buffer;
    private int at = MARGIN;

    JsonText(int expected) {
        buffer = new byte[MARGIN + expected];
    }

    private void need(int more) {
        if (buffer.length - at < more) {
            buffer = Arrays.copyOf(buffer, Math.max(at + more, buffer.length * 2));
        }
    }

    private void put(int b) {
        buffer[at++] = (byte) b;
    }

    /** Adds text that is ASCII and JSON already. */
    JsonText raw(String ascii) {
        int length = ascii.length();
        need(length);
        for (int i = 0; i < length; i++) {
            put(ascii.charAt(i));
        }
        return this;
    }

    JsonText raw(RawJson json) {
        return raw(json.bytes());
    }

    JsonText raw(byte[] utf8) {
        need(utf8.length);
        System.arraycopy(utf8, 0, buffer, at, utf8.length);
        at += utf8.length;
        return this;
    }

    JsonText number(long value) {
        if (value < 0) {
            return raw(Long.toString(value));
        }
        int digits = 1;
        for (long rest = value / 10; rest > 0; rest /= 10) {
            digits++;
        }
        need(digits);
        at += digits;
        long rest = value;
        for (int i = 1; i <= digits; i++) { // from the last one
            buffer[at - i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return this;
    }

    /** Adds a string with its quotes. Half surrogates, which UTF-8 cannot hold, are escaped. */
    JsonText string(String value) {
        int length = value.length();
        need(2 + length);
        put('"');
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            if (isPlain(c)) {
                put(c);
                continue;
            }
            need(1 + (length - i) * 6); // most strings never come here
            if (Character.isHighSurrogate(c) && i + 1 < length && Character.isLowSurrogate(value.charAt(i + 1))) {
                pair(Character.toCodePoint(c, value.charAt(++i)));
            } else {
                single(c);
            }
        }
        put('"');
        return this;
    }

    private static boolean isPlain(char c) {
        return c >= ' ' && c < 0x80 && c != '"' && c != '\\';
    }

    private void single(char c) {
        if (c == '"' || c == '\\') {
            put('\\');
            put(c);
        } else if (c < ' ' || Character.isSurrogate(c)) {
            put('\\');
            put('u');
            for (int shift = 12; shift >= 0; shift -= 4) {
                put(HEX[(c >> shift) & 0xf]);
            }
        } else if (c < 0x800) {
            put(0xc0 | (c >> 6));
            put(0x80 | (c & 0x3f));
        } else {
            put(0xe0 | (c >> 12));
            put(0x80 | ((c >> 6) & 0x3f));
            put(0x80 | (c & 0x3f));
        }
    }

    private void pair(int point) {
        put(0xf0 | (point >> 18));
        put(0x80 | ((point >> 12) & 0x3f));
        put(0x80 | ((point >> 6) & 0x3f));
        put(0x80 | (point & 0x3f));
    }

    /** The text alone. */
    byte[] bytes() {
        return Arrays.copyOfRange(buffer, MARGIN, at);
    }

    /** The text with its frame's header before it. */
    Encoded frame() {
        int length = at - MARGIN;
        int start = MARGIN - TextFrame.headerLength(length);
        TextFrame.putHeader(buffer, start, length);
        return new Encoded(buffer, start, at - start);
    }
}
