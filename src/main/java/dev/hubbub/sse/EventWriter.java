package dev.hubbub.sse;

import dev.hubbub.protocol.Encoded;
import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.TextFrame;
import dev.hubbub.room.RoomSubscription;
import dev.hubbub.session.Batch;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Puts frames into the form of server-sent events (HTML Living Standard, section 9.2): id, event, and the envelope on
 * one data line. Its text holds no line break, so nothing can be put in between. Guarded by its sink.
 */
final class EventWriter {
    private static final byte[] ID = ascii("id: ");
    private static final byte[] EVENT = ascii("\nevent: ");
    private static final byte[] EVENT_ONLY = ascii("event: ");
    private static final byte[] DATA = ascii("\ndata: ");
    private static final byte[] END = ascii("\n\n");
    private static final int TYPE_AT = "{\"type\":\"".length();

    private final StreamCursor cursor;

    EventWriter(StreamCursor cursor) {
        this.cursor = cursor;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    byte[] events(Batch batch) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(batch.size() + 256);
        for (int run = 0; run < batch.runs(); run++) {
            byte[] in = batch.bytes(run);
            int end = batch.offset(run) + batch.length(run);
            long seq = batch.seq(run);
            RoomSubscription room = batch.source(run) instanceof RoomSubscription r ? r : null;
            for (int at = batch.offset(run); at < end; ) {
                if (room != null) {
                    cursor.move(room.room().name(), new Place(room.place().epoch(), seq++));
                }
                int length = TextFrame.payloadLength(in, at);
                int start = at + TextFrame.headerLength(length);
                event(out, in, start, length, room != null);
                at = start + length;
            }
        }
        return out.toByteArray();
    }

    /** @param id null where the last id stays */
    static byte[] single(Encoded frame, @Nullable String id) {
        byte[] in = frame.bytes();
        int length = TextFrame.payloadLength(in, frame.offset());
        int start = frame.offset() + frame.length() - length;
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + 64);
        if (id != null) {
            out.writeBytes(ID);
            out.writeBytes(ascii(id));
        }
        body(out, in, start, length, id != null);
        return out.toByteArray();
    }

    private void event(ByteArrayOutputStream out, byte[] in, int start, int length, boolean moves) {
        boolean id = moves || isJoined(in, start);
        if (id) {
            out.writeBytes(ID);
            out.writeBytes(ascii(cursor.toString()));
        }
        body(out, in, start, length, id);
    }

    private static void body(ByteArrayOutputStream out, byte[] in, int start, int length, boolean afterId) {
        int type = start + TYPE_AT;
        int end = type;
        while (in[end] != '"') {
            end++;
        }
        out.writeBytes(afterId ? EVENT : EVENT_ONLY);
        out.write(in, type, end - type);
        out.writeBytes(DATA);
        out.write(in, start, length);
        out.writeBytes(END);
    }

    private static final byte[] JOINED = ascii("room.joined\"");

    private static boolean isJoined(byte[] in, int start) {
        int type = start + TYPE_AT;
        return java.util.Arrays.equals(in, type, type + JOINED.length, JOINED, 0, JOINED.length);
    }
}
