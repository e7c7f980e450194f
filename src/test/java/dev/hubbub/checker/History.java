package dev.hubbub.checker;

import dev.hubbub.protocol.Place;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All that was written down in an experiment.
 *
 * @param sent the payloads that were ever sent to each room
 * @param last the place of each room's last message, published when all was healed
 * @param losses how often something was done that may lose acknowledged messages: Redis without its data, a failover
 * @param kept how many messages a room keeps, of those that keep few: whoever missed more is told {@code trimmed}
 * @param odd what clients met that no page of the protocol explains
 */
record History(
        List<Journey> journeys,
        List<Acknowledged> acknowledged,
        Map<String, Set<String>> sent,
        Map<String, Place> last,
        int losses,
        Map<String, Integer> kept,
        List<String> odd) {

    History withJourneys(List<Journey> others) {
        return new History(others, acknowledged, sent, last, losses, kept, odd);
    }

    History withAcknowledged(List<Acknowledged> others) {
        return new History(journeys, others, sent, last, losses, kept, odd);
    }

    /** Whether what was given in this epoch may have been given twice, since a failover has ended it. */
    boolean mayBeForked(String room, String epoch) {
        return losses > 0 && !last.get(room).epoch().equals(epoch);
    }
}
