package dev.hubbub.sse;

import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.RoomName;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The place in every room of a stream, as one text: a short hash of the list of rooms, then the places in its order, a
 * dash for a room not joined yet. With this server's epochs at most 600 bytes for 32 rooms. Guarded by itself.
 */
final class StreamCursor {
    private static final String NONE = "-";
    /** Begins the id of a stream that is not to be opened again. */
    static final String END = "!";

    private final List<RoomName> rooms;
    private final @Nullable Place[] places;

    StreamCursor(List<RoomName> rooms) {
        this.rooms = rooms;
        this.places = new @Nullable Place[rooms.size()];
    }

    private static String hash(List<RoomName> rooms) {
        CRC32 crc = new CRC32();
        rooms.forEach(r -> crc.update((r.value() + "\n").getBytes(StandardCharsets.UTF_8)));
        return Long.toString(crc.getValue(), 36);
    }

    /** Goes on from a cursor that a client brings; false where it is one of other rooms, or none at all. */
    synchronized boolean resume(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != places.length + 1 || !parts[0].equals(hash(rooms))) {
            return false;
        }
        @Nullable Place[] read = new @Nullable Place[places.length];
        for (int i = 0; i < read.length; i++) {
            String part = parts[i + 1];
            read[i] = part.equals(NONE) ? null : place(part);
            if (read[i] == null && !part.equals(NONE)) {
                return false;
            }
        }
        System.arraycopy(read, 0, places, 0, read.length);
        return true;
    }

    private static @Nullable Place place(String part) {
        int tilde = part.indexOf('~');
        try {
            long seq = Long.parseLong(part.substring(tilde + 1), 36);
            String epoch = tilde < 0 ? "" : part.substring(0, tilde);
            return Place.isValid(epoch, seq) ? new Place(epoch, seq) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    synchronized @Nullable Place place(int room) {
        return places[room];
    }

    synchronized void move(RoomName room, Place place) {
        int at = rooms.indexOf(room);
        if (at >= 0) {
            places[at] = place;
        }
    }

    @Override
    public synchronized String toString() {
        StringBuilder text = new StringBuilder(hash(rooms));
        for (Place place : places) {
            text.append('.');
            if (place == null) {
                text.append(NONE);
            } else {
                text.append(place.epoch()).append('~').append(Long.toString(place.seq(), 36));
            }
        }
        return text.toString();
    }
}
