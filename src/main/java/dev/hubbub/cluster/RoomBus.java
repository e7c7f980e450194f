package dev.hubbub.cluster;

import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.RoomName;
import java.util.concurrent.CompletionStage;

/**
 * Orders each room's messages and carries them to every node that is attached to the room, the publishing one
 * included. A publish never delivers by itself; only the bus does. Thread-safe; never blocks its caller on I/O.
 */
public interface RoomBus {
    /** Hears one room. Called by one thread at a time, in the room's order, maybe under the bus's lock: returns fast. */
    interface Listener {
        void onMessage(Message message);
    }

    /**
     * Begins to deliver a room's messages; a room has one listener per node. The place is the room's head: every
     * message after it reaches the listener.
     */
    CompletionStage<Place> attach(RoomName room, Listener listener);

    /** Ends it. In a bus without a history of its own the room is forgotten: its next epoch is another. */
    void detach(RoomName room);

    /**
     * Gives the message its place, the next seq of the room, and delivers it. The stage completes once the log has it.
     * A repeat of {@code key} by the same sender within its time returns the first outcome and publishes nothing; with
     * another payload it is refused with {@code FAILED_PRECONDITION}.
     */
    CompletionStage<PublishOutcome> publish(RoomName room, Publication publication);
}
