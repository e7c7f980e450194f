package dev.hubbub.room;

import dev.hubbub.protocol.Encoded;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.session.Batch;
import dev.hubbub.session.Session;
import dev.hubbub.session.Source;

/** The last word of a room to a session that was removed from it. */
final class Farewell extends Source {
    private final RoomName room;
    private final Encoded frame;
    private final Session session;

    Farewell(RoomName room, Encoded frame, Session session) {
        this.room = room;
        this.frame = frame;
        this.session = session;
    }

    @Override
    public String name() {
        return "removed from " + room;
    }

    @Override
    public boolean fill(Batch batch) {
        if (!batch.add(frame)) {
            return true;
        }
        session.remove(this);
        return false;
    }
}
