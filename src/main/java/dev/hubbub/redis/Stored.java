package dev.hubbub.redis;

import dev.hubbub.cluster.Message;
import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.StoredMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A message as Redis has it.
 *
 * @param id random, so that two messages at one place can be told apart
 * @param previous the id of the message before it; {@code -} where it is the first
 */
record Stored(Message message, String id, String previous) {
    /** How scripts return one: seq, time, id, previous id, record. */
    private static final int PARTS = 5;

    long seq() {
        return message.place().seq();
    }

    /** @throws Note.Garbage where the record is none of ours */
    static Message message(Place place, long ts, byte[] record) {
        StoredMessage stored = StoredMessage.parse(record, place.seq() == 0)
                .orElseThrow(() -> new Note.Garbage("a record is no message"));
        return new Message(place, ts, stored.body(), stored.from(), stored.exclude());
    }

    /**
     * The messages that a script returned, from the index {@code at} on. What is none of ours is left out, and is a hole
     * then.
     */
    static List<Stored> list(String epoch, List<Object> reply, int at, Consumer<Note.Garbage> garbage) {
        List<Stored> all = new ArrayList<>((reply.size() - at) / PARTS);
        for (int i = at; i + PARTS <= reply.size(); i += PARTS) {
            try {
                Place place = new Place(epoch, Note.number(RedisLink.text(reply.get(i))));
                long ts = Note.number(RedisLink.text(reply.get(i + 1)));
                all.add(new Stored(
                        message(place, ts, RedisLink.bytes(reply.get(i + 4))),
                        RedisLink.text(reply.get(i + 2)),
                        RedisLink.text(reply.get(i + 3))));
            } catch (Note.Garbage e) {
                garbage.accept(e);
            }
        }
        return all;
    }
}
