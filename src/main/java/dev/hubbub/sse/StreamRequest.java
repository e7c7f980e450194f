package dev.hubbub.sse;

import dev.hubbub.access.Permissions;
import dev.hubbub.access.Query;
import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.PresenceMode;
import dev.hubbub.protocol.Refusal;
import dev.hubbub.protocol.RoomName;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a stream is asked for.
 *
 * @param lastEventId empty where the client brings none
 * @param refusal what is wrong with it, or null
 */
record StreamRequest(
        List<RoomName> rooms,
        @Nullable PresenceMode presence,
        int replay,
        String lastEventId,
        @Nullable Refusal refusal) {
    private static final int MOST_ROOMS = 32;
    private static final Pattern REPLAY = Pattern.compile("[0-9]{1,3}|1000");

    static StreamRequest of(HttpServletRequest request) {
        Query query = Query.of(request);
        String header = request.getHeader("Last-Event-ID");
        String id = Objects.requireNonNullElse(header, Objects.requireNonNullElse(query.first("lastEventId"), ""));
        List<RoomName> rooms = new ArrayList<>();
        for (String name : query.all("room")) {
            if (!RoomName.isValid(name)) {
                return refused("room must be parts of [A-Za-z0-9_.@|~-] joined by colons", id);
            }
            RoomName room = new RoomName(name);
            if (!rooms.contains(room)) {
                rooms.add(room);
            }
        }
        if (rooms.isEmpty() || rooms.size() > MOST_ROOMS) {
            return refused("room must be given 1 to " + MOST_ROOMS + " times", id);
        }
        String replay = Objects.requireNonNullElse(query.first("replay"), "0");
        if (!REPLAY.matcher(replay).matches()) {
            return refused("replay must be a whole number from 0 to 1000", id);
        }
        String presence = query.first("presence");
        PresenceMode mode =
                presence == null ? null : PresenceMode.parse(presence).orElse(null);
        if (presence != null && mode == null) {
            return refused("presence must be full, listen or off", id);
        }
        return new StreamRequest(rooms, mode, Integer.parseInt(replay), id, null);
    }

    /** Whether it was open before. */
    boolean isReconnect() {
        return !lastEventId.isEmpty();
    }

    /**
     * What is asked of a room, so that what is looked at is what is done.
     *
     * @param since the room's place in the cursor that the client brings; null where it has none there
     * @param lost the cursor is of other rooms, or none at all: nothing that was said is sent again
     */
    Permissions.Wish wish(@Nullable Place since, boolean lost) {
        return Permissions.Wish.of(presence, since, since == null && !lost ? replay : 0);
    }

    private static StreamRequest refused(String message, String lastEventId) {
        return new StreamRequest(List.of(), null, 0, lastEventId, Refusal.invalid(message));
    }
}
