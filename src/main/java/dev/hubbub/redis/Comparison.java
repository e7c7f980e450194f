package dev.hubbub.redis;

import dev.hubbub.cluster.PresenceState;
import dev.hubbub.protocol.Place;
import java.util.List;
import java.util.function.Consumer;

/**
 * What Redis has of a room, beside what a node has.
 *
 * @param headId the id of the message at the head
 * @param keptId the id of the message that is kept where the node stands; empty where none is
 * @param presence where the room's presence stands
 * @param after the messages after that, as many as fit
 */
record Comparison(Place head, String headId, String keptId, PresenceState presence, List<Stored> after) {
    private static final int FIELDS = 6;

    /** Reads what the script returned. */
    static Comparison of(List<Object> reply, Consumer<Note.Garbage> garbage) {
        Place head = new Place(RedisLink.text(reply.get(0)), Note.number(RedisLink.text(reply.get(1))));
        return new Comparison(
                head,
                RedisLink.text(reply.get(2)),
                RedisLink.text(reply.get(4)),
                presence(head.epoch(), reply),
                Stored.list(head.epoch(), reply, FIELDS, garbage));
    }

    /** What a script says of presence, which {@link Numbering#open} and {@link Numbering#after} have at the same places. */
    static PresenceState presence(String epoch, List<Object> reply) {
        long rev = Note.number(RedisLink.text(reply.get(3)));
        long count = Note.number(RedisLink.text(reply.get(5)));
        return new PresenceState(epoch, rev, (int) Math.min(count, Integer.MAX_VALUE));
    }

    /** Whether Redis has other messages than the node at the same places, or none where the node has some. */
    boolean isFork(Place asked, String askedId) {
        boolean behind = head.seq() < asked.seq();
        boolean other = head.seq() == asked.seq() && !headId.equals(askedId);
        return behind || other || (!keptId.isEmpty() && !keptId.equals(askedId));
    }
}
