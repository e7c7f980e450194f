package dev.hubbub.protocol;

import dev.hubbub.protocol.Fields.Wrong;
import dev.hubbub.protocol.JsonMembers.NotAnObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what HTTP requests publish: the same fields as on WebSocket, {@code meta} beside them. Thread-safe. */
public final class BodyDecoder {
    /** Most messages in one request. */
    public static final int MOST = 100;

    private final int maxDepth;

    public BodyDecoder(int maxDepth) {
        this.maxDepth = maxDepth;
    }

    /** A message for a room; {@code refusal} says what is wrong with it, where something is. */
    public record Item(
            String room, @Nullable Body body, @Nullable Refusal refusal) {}

    public Item one(String room, String text) {
        try {
            Fields fields = new Fields(JsonMembers.read(text, maxDepth), "", maxDepth);
            return new Item(room, EnvelopeDecoder.body(fields, fields.smallObject("meta")), null);
        } catch (NotAnObject | Wrong e) {
            return new Item(room, null, Refusal.invalid(String.valueOf(e.getMessage())));
        }
    }

    /** {@code {rooms:[…], payload, …}} or {@code {messages:[{room, payload, …}]}}; one bad item harms no other. */
    public List<Item> many(String text) {
        try {
            Fields fields = new Fields(JsonMembers.read(text, maxDepth), "", maxDepth);
            List<String> rooms = fields.elements("rooms", MOST);
            if (rooms != null) {
                return toRooms(rooms, text);
            }
            List<String> messages = fields.elements("messages", MOST);
            if (messages == null) {
                throw fields.missing("rooms or messages");
            }
            return messages.stream().map(this::message).toList();
        } catch (NotAnObject | Wrong e) {
            return List.of(new Item("", null, Refusal.invalid(String.valueOf(e.getMessage()))));
        }
    }

    private List<Item> toRooms(List<String> rooms, String text) throws Wrong, NotAnObject {
        List<Item> items = new ArrayList<>(rooms.size());
        for (String room : rooms) {
            Fields wrapped = new Fields(JsonMembers.read("{\"room\":" + room + "}", maxDepth), "rooms: ", maxDepth);
            items.add(one(wrapped.required("room", RoomName.MAX_LENGTH), text));
        }
        return items;
    }

    private Item message(String text) {
        try {
            Fields fields = new Fields(JsonMembers.read(text, maxDepth), "", maxDepth);
            return one(fields.required("room", RoomName.MAX_LENGTH), text);
        } catch (NotAnObject | Wrong e) {
            return new Item("", null, Refusal.invalid(String.valueOf(e.getMessage())));
        }
    }
}
