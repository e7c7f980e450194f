package dev.hubbub.cluster;

import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.RoomName;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Orders each room's messages and carries them to every node that is attached to the room, the publishing one
 * included. A publish never delivers by itself; only the bus does. Thread-safe; never blocks its caller on I/O. Stages
 * fail with {@link Unavailable} where what the bus needs cannot be reached.
 */
public interface RoomBus {
    /** Hears one room. Called by one thread at a time, in the room's order, maybe under the bus's lock: returns fast. */
    interface Listener {
        /**
         * The next message is the one after this place, whatever came before: told first of all, and again where the
         * numbering began anew or messages are lost.
         *
         * @param first the oldest seq that the bus keeps itself, about; {@code Long.MAX_VALUE} where it keeps no history
         */
        void onBegin(Place place, long first);

        void onMessage(Message message);

        /** The latest revision of the room's presence in an epoch that the bus may not be behind of; 0 where there is none. */
        default long presenceRev(String epoch) {
            return 0;
        }

        /** Where the room's presence stands: told each time that the bus has looked at the room, right behind a new epoch. */
        default void onPresence(PresenceState state) {}
    }

    /**
     * Begins to deliver a room's messages; a room has one listener per node. The place is the room's head, of which the
     * listener was told: every message after it reaches the listener.
     */
    CompletionStage<Place> attach(RoomName room, Listener listener);

    /**
     * What to do each time that listeners, of rooms or of presence, were called by a thread of the bus's own: it runs
     * behind them, without a lock. Where whoever publishes calls the listeners there is nothing to do.
     */
    default void afterwards(Runnable task) {}

    /** How far the clock that stamps messages is ahead of this node's, in ms: their ages are told by that. */
    default long aheadMs() {
        return 0;
    }

    /** Ends it. In a bus without a history of its own the room is forgotten: its next epoch is another. */
    void detach(RoomName room);

    /** Whether messages are kept outside this node: then a room can be published to that nobody here listens to. */
    boolean keepsHistory();

    /**
     * Gives the message its place, the next seq of the room, and delivers it. The stage completes once the log has it;
     * those of one caller and room complete in the order of the calls. A repeat of {@code key} by the same sender within
     * its time returns the first outcome and publishes nothing; with another payload it is refused with
     * {@code FAILED_PRECONDITION}. What cannot be done now is refused with {@code UNAVAILABLE}, what may have been done
     * with {@code DEADLINE_EXCEEDED}.
     */
    CompletionStage<PublishOutcome> publish(RoomName room, Publication publication);

    /**
     * Completes once the listener has been told all that the room had when this was called: for somebody who knows of
     * more than this node has heard.
     */
    CompletionStage<?> refresh(RoomName room);

    /**
     * The kept messages from {@code from} up to, and not including, {@code before}, in order. Those that the bus keeps
     * no longer are missing at the beginning; all are where the room's epoch is another one by now.
     */
    CompletionStage<List<Message>> read(RoomName room, Place from, long before);
}
