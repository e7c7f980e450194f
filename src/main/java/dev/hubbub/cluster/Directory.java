package dev.hubbub.cluster;

import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What all nodes have: connections, and rooms in use. Each node is asked for what it has, so nothing is kept for it
 * anywhere; one that does not answer within a second is named in the answer. Thread-safe; never blocks. Stages fail with
 * {@link Unavailable} where nobody can be asked.
 */
public interface Directory {
    /**
     * @param node that it is connected to
     * @param since when it was opened, in ms since the epoch
     * @param rooms that it is in
     */
    record Connection(ConnectionId conn, UserId user, String node, long since, List<RoomName> rooms) {}

    /**
     * A room in use.
     *
     * @param connections in the room
     */
    record Use(RoomName room, String epoch, long seq, long connections) {
        /** The same room of another node: its connections count too, and it may have heard more. */
        public Use and(Use other) {
            boolean further = other.epoch.equals(epoch) && other.seq > seq;
            return new Use(room, epoch, further ? other.seq : seq, connections + other.connections);
        }
    }

    /**
     * A part of what was asked for, in order.
     *
     * @param more whether there is more behind it
     * @param unanswered nodes that live and did not answer: what they have is missing
     */
    record Part<T>(List<T> items, boolean more, List<String> unanswered) {}

    /** What one node has of its own; called by any thread, for other nodes as well. */
    interface Local {
        /**
         * Connections by id.
         *
         * @param user whose they are; null for all
         * @param after only ids behind this one
         * @param most so many at most
         */
        List<Connection> connections(@Nullable UserId user, String after, int most);

        @Nullable
        Connection connection(ConnectionId conn);

        /** Rooms by name; those whose name begins with {@code prefix} and comes behind {@code after}. */
        List<Use> rooms(String prefix, String after, int most);

        @Nullable
        Use room(RoomName room);

        /** Ends a connection with 4003; false where there is none of this id. */
        boolean close(ConnectionId conn, String reason);
    }

    /** What this node has; until this is called it has nothing. */
    void tell(Local local);

    /** As {@link Local#connections}, of all nodes. */
    CompletionStage<Part<Connection>> connections(@Nullable UserId user, String after, int limit);

    /** One connection, or none. */
    CompletionStage<Part<Connection>> connection(ConnectionId conn);

    /** As {@link Local#rooms}, of all nodes. */
    CompletionStage<Part<Use>> rooms(String prefix, String after, int limit);

    /** One room, or none. */
    CompletionStage<Part<Use>> room(RoomName room);

    /** Has whichever node has the connection end it. */
    CompletionStage<?> close(ConnectionId conn, String reason);
}
