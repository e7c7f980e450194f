package dev.hubbub.protocol;

import static dev.hubbub.protocol.EnvelopeText.answer;
import static dev.hubbub.protocol.EnvelopeText.end;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Encodes histories, of messages that are encoded already. */
public final class HistoryFrames {
    private HistoryFrames() {}

    /** @param messages each one JSON object */
    public static Encoded page(@Nullable String id, List<byte[]> messages) {
        return end(messages(answer("room.history.reply", id, length(messages) + 32), messages));
    }

    private static int length(List<byte[]> messages) {
        return messages.stream().mapToInt(m -> m.length + 1).sum();
    }

    private static JsonText messages(JsonText text, List<byte[]> messages) {
        text.raw("\"messages\":[");
        String comma = "";
        for (byte[] message : messages) {
            text.raw(comma).raw(message);
            comma = ",";
        }
        return text.raw("]");
    }

    public static Encoded complete(@Nullable String id, Place head, long first, boolean truncated, boolean cancelled) {
        JsonText text = state(answer("room.history.complete", id, 128), head, first, truncated);
        return end(cancelled ? text.raw(",\"cancelled\":true") : text);
    }

    private static JsonText state(JsonText text, Place head, long first, boolean truncated) {
        return text.raw("\"epoch\":\"")
                .raw(head.epoch())
                .raw("\",\"seq\":")
                .number(head.seq())
                .raw(",\"first\":")
                .number(first)
                .raw(",\"truncated\":")
                .raw(Boolean.toString(truncated));
    }

    /** A history as HTTP answers it. */
    public static byte[] body(List<byte[]> messages, Place head, long first, boolean truncated) {
        JsonText text = messages(new JsonText(length(messages) + 128).raw("{"), messages);
        return state(text.raw(","), head, first, truncated).raw("}").bytes();
    }

    /**
     * Turns an encoded {@code room.published} into the object that histories list: its data with {@code ts} (and
     * {@code meta}) beside the other fields.
     */
    public static byte[] item(byte[] in, int json, int length) {
        int head = RoomFrames.PUBLISHED.length();
        int data = dataStart(in, json + head);
        int wrapper = ",\"data\":{".length();
        byte[] item = new byte[length - head - wrapper + 1];
        item[0] = '{';
        int before = data - json - head;
        System.arraycopy(in, json + head, item, 1, before);
        item[1 + before] = ',';
        int rest = length - head - before - wrapper - 1;
        System.arraycopy(in, data + wrapper, item, 2 + before, rest);
        return item;
    }

    /** Finds the {@code ,"data":} of the envelope; strings in the small meta before it cannot hold a bare quote. */
    private static int dataStart(byte[] in, int from) {
        int at = from;
        int depth = 0;
        boolean string = false;
        while (true) {
            byte b = in[at];
            if (string) {
                if (b == '\\') {
                    at++;
                } else if (b == '"') {
                    string = false;
                }
            } else if (b == '"') {
                string = true;
            } else if (b == '{' || b == '[') {
                depth++;
            } else if (b == '}' || b == ']') {
                depth--;
            } else if (b == ',' && depth == 0 && in[at + 2] == 'd') {
                return at;
            }
            at++;
        }
    }
}
