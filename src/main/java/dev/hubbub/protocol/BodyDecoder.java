package dev.hubbub.protocol;

import dev.hubbub.protocol.Fields.Wrong;
import dev.hubbub.protocol.JsonMembers.NotAnObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what HTTP requests publish: the same fields as on WebSocket, {@code meta} beside them. Thread-safe. */
public final class BodyDecoder {
    /** Most messages in one request. */
    public static final int MOST = 100;

    private final int maxDepth;
    private final int mostBytes;

    /** @param mostBytes of one message, as of one frame on a WebSocket */
    public BodyDecoder(int maxDepth, int mostBytes) {
        this.maxDepth = maxDepth;
        this.mostBytes = mostBytes;
    }

    /** A message for a room; {@code refusal} says what is wrong with it, where something is. */
    public record Item(
            String room, @Nullable Body body, @Nullable Refusal refusal) {}

    /** What a request for many messages asks for. */
    public sealed interface Batch {
        /** One bad item harms no other. */
        record Items(List<Item> items) implements Batch {}

        /** It is not understood as a whole. */
        record Malformed(Refusal refusal) implements Batch {}

        /** What every one of its messages would be is larger than a message may be. */
        record TooLarge() implements Batch {}
    }

    public Item one(String room, String text) {
        try {
            Fields fields = new Fields(JsonMembers.read(text, maxDepth), "", maxDepth);
            return new Item(room, EnvelopeDecoder.body(fields, fields.smallObject("meta")), null);
        } catch (NotAnObject | Wrong e) {
            return new Item(room, null, Refusal.invalid(String.valueOf(e.getMessage())));
        }
    }

    /**
     * {@code {rooms:[…], payload, …}} or {@code {messages:[{room, payload, …}]}}. Takes time and memory by the length of
     * the text alone, however many rooms it names.
     */
    public Batch many(String text) {
        try {
            Fields fields = new Fields(JsonMembers.read(text, maxDepth), "", maxDepth);
            List<String> rooms = fields.elements("rooms", MOST);
            if (rooms != null) {
                return size(text) - size(fields.written("rooms")) > mostBytes
                        ? new Batch.TooLarge()
                        : new Batch.Items(toRooms(rooms, one("", text)));
            }
            List<String> messages = fields.elements("messages", MOST);
            if (messages == null) {
                throw fields.missing("rooms or messages");
            }
            return new Batch.Items(messages.stream().map(this::message).toList());
        } catch (NotAnObject | Wrong e) {
            return new Batch.Malformed(Refusal.invalid(String.valueOf(e.getMessage())));
        }
    }

    private static int size(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** The same message for each of them, read once. */
    private List<Item> toRooms(List<String> rooms, Item message) throws Wrong, NotAnObject {
        List<Item> items = new ArrayList<>(rooms.size());
        for (String room : rooms) {
            Fields wrapped = new Fields(JsonMembers.read("{\"room\":" + room + "}", maxDepth), "rooms: ", maxDepth);
            items.add(new Item(wrapped.required("room", RoomName.MAX_LENGTH), message.body(), message.refusal()));
        }
        return items;
    }

    private Item message(String text) {
        try {
            Fields fields = new Fields(JsonMembers.read(text, maxDepth), "", maxDepth);
            String room = fields.required("room", RoomName.MAX_LENGTH);
            return size(text) > mostBytes
                    ? new Item(room, null, Refusal.invalid("the message is larger than " + mostBytes + " bytes"))
                    : one(room, text);
        } catch (NotAnObject | Wrong e) {
            return new Item("", null, Refusal.invalid(String.valueOf(e.getMessage())));
        }
    }
}
