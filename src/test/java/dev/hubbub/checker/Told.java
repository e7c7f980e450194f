package dev.hubbub.checker;

import dev.hubbub.protocol.Place;

/** What a listener is told about one room. */
sealed interface Told {
    /**
     * The answer to a join, on a new connection.
     *
     * @param since the place that was asked for; null where there was none yet
     * @param head the room's newest message
     * @param recovered null where the server did not say
     * @param replayed how many messages come before the live ones
     */
    record Joined(Place since, Place head, Boolean recovered, long replayed) implements Told {
        /** The place that the next message follows (docs/protocol.md, "The promise"). */
        Place place() {
            return since != null && Boolean.TRUE.equals(recovered)
                    ? since
                    : new Place(head.epoch(), head.seq() - replayed);
        }
    }

    record Published(Place place, String payload) implements Told {}

    /** @param at when it was read, in ns of {@link System#nanoTime} */
    record Reset(Place place, String reason, long at) implements Told {}

    record Skipped(String epoch, long from, long to) implements Told {}
}
