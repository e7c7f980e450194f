package dev.hubbub.cluster;

import dev.hubbub.cluster.Directory.Connection;
import dev.hubbub.cluster.Directory.Use;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A node that has what it is given, in order. */
public final class FakeLocal implements Directory.Local {
    public final List<Connection> connections = new CopyOnWriteArrayList<>();
    public final List<Use> uses = new CopyOnWriteArrayList<>();
    /** Those that were closed, each as id and reason. */
    public final List<String> closed = new CopyOnWriteArrayList<>();

    @Override
    public List<Connection> connections(@Nullable UserId user, String after, int most) {
        return connections.stream()
                .filter(c -> user == null || c.user().equals(user))
                .filter(c -> c.conn().value().compareTo(after) > 0)
                .limit(most)
                .toList();
    }

    @Override
    public @Nullable Connection connection(ConnectionId conn) {
        return connections.stream()
                .filter(c -> c.conn().equals(conn))
                .findFirst()
                .orElse(null);
    }

    @Override
    public List<Use> rooms(String prefix, String after, int most) {
        return uses.stream()
                .filter(use -> use.room().value().startsWith(prefix)
                        && use.room().value().compareTo(after) > 0)
                .limit(most)
                .toList();
    }

    @Override
    public @Nullable Use room(RoomName room) {
        return uses.stream().filter(use -> use.room().equals(room)).findFirst().orElse(null);
    }

    @Override
    public boolean close(ConnectionId conn, String reason) {
        boolean had = connections.removeIf(c -> c.conn().equals(conn));
        if (had) {
            closed.add(conn + ": " + reason);
        }
        return had;
    }
}
