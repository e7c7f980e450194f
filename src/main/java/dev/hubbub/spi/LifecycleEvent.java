package dev.hubbub.spi;

import java.util.Objects;

/**
 * Something happened to a connection or a room. A CDI bean in the same WAR hears it by a method with a parameter
 * {@code @Observes LifecycleEvent}. Each event is told on one node alone: about a connection on its own, about a room on
 * the node that saw to the change. All are told by one thread, in order: whoever is slow there delays the events behind,
 * and nothing else; those for which no place is left to wait are counted in {@code hubbub_events_lost}.
 *
 * @param id no two events have the same
 * @param user whom it is about; empty where it is about a room
 * @param conn which connection; empty where it is about a room
 * @param room empty for {@link Kind#CONNECT} and {@link Kind#DISCONNECT}
 * @param node the name of the node that tells it
 * @param at when, in ms since the epoch
 */
public record LifecycleEvent(String id, Kind kind, String user, String conn, String room, String node, long at) {
    public LifecycleEvent {
        Objects.requireNonNull(id);
        Objects.requireNonNull(kind);
        Objects.requireNonNull(user);
        Objects.requireNonNull(conn);
        Objects.requireNonNull(room);
        Objects.requireNonNull(node);
    }

    public enum Kind {
        /** A connection was let in. */
        CONNECT,
        /** It ended. Of those that died with their node nobody tells it. */
        DISCONNECT,
        /** A connection entered a room; not a user's own one, in which each is from its beginning. */
        JOIN,
        /** It left the room, by itself or by its end. */
        LEAVE,
        /** A room that nobody was connected to has a connection, on whichever node. */
        OCCUPIED,
        /** The last connection to a room is gone, over all nodes; told of a node that died as well. */
        VACATED
    }
}
