package dev.hubbub.ops;

import dev.hubbub.cluster.Directory.Connection;
import dev.hubbub.cluster.Directory.Local;
import dev.hubbub.cluster.Directory.Use;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import dev.hubbub.room.Room;
import dev.hubbub.room.RoomSubscription;
import dev.hubbub.room.Rooms;
import dev.hubbub.session.NodeName;
import dev.hubbub.session.Session;
import dev.hubbub.session.Sessions;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What this node has, for whoever asks all nodes. It looks through all sessions: nothing is kept for it. */
@Singleton
public class LocalDirectory implements Local {
    private final Sessions sessions;
    private final Rooms rooms;
    private final NodeName node;

    @Inject
    public LocalDirectory(Sessions sessions, Rooms rooms, NodeName node) {
        this.sessions = sessions;
        this.rooms = rooms;
        this.node = node;
    }

    @Override
    public List<Connection> connections(@Nullable UserId user, String after, int most) {
        return sessions.all().stream()
                .filter(s -> (user == null || s.identity().user().equals(user))
                        && s.id().value().compareTo(after) > 0)
                .sorted(Comparator.comparing((Session s) -> s.id().value()))
                .limit(most)
                .map(this::described)
                .toList();
    }

    @Override
    public @Nullable Connection connection(ConnectionId conn) {
        Session session = sessions.find(conn);
        return session == null ? null : described(session);
    }

    private Connection described(Session session) {
        List<RoomName> in = session.sources().stream()
                .filter(RoomSubscription.class::isInstance)
                .map(s -> new RoomName(s.name()))
                .toList();
        return new Connection(session.id(), session.identity().user(), node.value(), session.openedAt(), in);
    }

    @Override
    public List<Use> rooms(String prefix, String after, int most) {
        return rooms.list(prefix, after, most).stream().map(LocalDirectory::use).toList();
    }

    @Override
    public @Nullable Use room(RoomName name) {
        Room room = rooms.find(name);
        return room == null || room.epoch().isEmpty() ? null : use(room); // the bus may not have answered yet
    }

    private static Use use(Room room) {
        Place head = room.head();
        return new Use(room.name(), head.epoch(), head.seq(), room.connections());
    }

    @Override
    public boolean close(ConnectionId conn, String reason) {
        Session session = sessions.find(conn);
        if (session == null) {
            return false;
        }
        session.close(CloseCode.FORBIDDEN, reason);
        sessions.kick();
        return true;
    }
}
