package dev.hubbub.room;

import dev.hubbub.protocol.RoomName;
import dev.hubbub.session.Session;

/**
 * Hears which connection is in which room, users' own rooms included; of one connection and one room in order. It is
 * called where others wait, so it must neither wait nor throw.
 */
public interface MembershipListener {
    MembershipListener NONE = new MembershipListener() {
        @Override
        public void joined(Session session, RoomName room) {}

        @Override
        public void left(Session session, RoomName room) {}
    };

    void joined(Session session, RoomName room);

    void left(Session session, RoomName room);
}
