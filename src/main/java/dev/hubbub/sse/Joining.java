package dev.hubbub.sse;

import dev.hubbub.access.Permissions;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.room.Memberships;

/**
 * A room of a stream that is about to be joined.
 *
 * @param lost where it was cannot be read
 */
record Joining(RoomName room, Permissions.Wish wish, Permissions.Entry entry, boolean lost) {
    Memberships.Ask ask() {
        return new Memberships.Ask(room, wish.since(), wish.replay(), entry.presence(), null, lost, entry.recentOnly());
    }
}
