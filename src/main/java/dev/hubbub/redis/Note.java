package dev.hubbub.redis;

import dev.hubbub.protocol.Place;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * What is said on a room's channel: a line of fields, the first of which is the kind, and a body behind it. Kinds:
 * {@code m} message, {@code e} ephemeral message, {@code f} the numbering began anew, {@code p} presence changed,
 * {@code l} somebody is about to leave, {@code g} what lay under the room's presence was none of Hubbub's, and all of it is
 * gone.
 */
@SuppressWarnings("ArrayRecordComponent") // a value on its way, never compared
record Note(char kind, List<String> fields, byte[] body) {
    private static final int LONGEST_LINE = 512;

    /** The text is none of ours. */
    static final class Garbage extends RuntimeException {
        private static final long serialVersionUID = 1;

        Garbage(String message) {
            super(message, null, false, false);
        }
    }

    /** @throws Garbage where it is something else */
    static Note parse(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && end < LONGEST_LINE && bytes[end] != '\n') {
            end++;
        }
        String line = new String(bytes, 0, end, StandardCharsets.UTF_8);
        if (line.length() < 3 || line.charAt(1) != ' ' || (end < bytes.length && bytes[end] != '\n')) {
            throw new Garbage("no line of fields");
        }
        List<String> fields = List.of(line.substring(2).split(" ", -1));
        return new Note(
                line.charAt(0), fields, Arrays.copyOfRange(bytes, Math.min(end + 1, bytes.length), bytes.length));
    }

    /** @throws Garbage where there are fewer */
    String field(int index) {
        if (index >= fields.size() || fields.get(index).isEmpty()) {
            throw new Garbage("a field is missing");
        }
        return fields.get(index);
    }

    /** A whole number of 0 or more. */
    long number(int index) {
        return number(field(index));
    }

    static long number(String text) {
        long number = Place.number(text);
        if (number < 0) {
            throw new Garbage("a field is no number");
        }
        return number;
    }
}
