package dev.hubbub.protocol;

import java.nio.charset.StandardCharsets;

/**
 * A JSON value as bytes, never parsed into objects: a client's, cut out of its frame and proven to be valid, or this node's
 * own. It has no line breaks (legal only as white space, they have become spaces), so that it fits an SSE data line.
 */
public final class RawJson {
    private final byte[] utf8;

    private RawJson(byte[] utf8) {
        this.utf8 = utf8;
    }

    /** Takes text that the caller has proven to be one JSON value. */
    static RawJson ofValid(String json) {
        return new RawJson(json.replace('\n', ' ').replace('\r', ' ').getBytes(StandardCharsets.UTF_8));
    }

    /** What this node has written, without line breaks. */
    static RawJson ofOwn(JsonText json) {
        return new RawJson(json.bytes());
    }

    public int length() {
        return utf8.length;
    }

    byte[] bytes() {
        return utf8;
    }

    /** A digest for telling a repeat with the same key from one with another payload. */
    public long fingerprint() {
        long hash = 0xcbf29ce484222325L;
        for (byte b : utf8) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        return hash;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RawJson json && java.util.Arrays.equals(utf8, json.utf8);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(fingerprint());
    }

    @Override
    public String toString() {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
