package dev.hubbub.cluster;

import dev.hubbub.protocol.RoomName;
import java.util.concurrent.CompletionStage;

/**
 * Which rooms have a connection on any node. A node says so of its first and its last connection in a room alone; what a
 * dead node said ends with it. Thread-safe; nothing blocks.
 */
public interface Occupancy {
    /** Hears of changes, in any thread, which it must not keep. */
    interface Listener {
        /**
         * A room has its first connection, or none any more. It is told once, by one node; twice with the same id where a
         * node died of telling it.
         *
         * @param at when, in ms
         */
        void changed(RoomName room, boolean occupied, String id, long at);
    }

    /** There is one listener, which is there before anything is said. */
    void listen(Listener listener);

    /** This node has a connection in a room, and had none. */
    void occupy(RoomName room);

    /** This node has no connection in a room any more. Calls about one room are in order. */
    void vacate(RoomName room);

    /** Completes when what was said so far is told, or failed. */
    CompletionStage<?> settled();
}
