package dev.hubbub.protocol;

import org.jspecify.annotations.Nullable;

/** What all frames have in common: the envelope around their data, and how rooms and places stand in it. */
final class EnvelopeText {
    private EnvelopeText() {}

    static JsonText event(String type, long ts, int expected) {
        return new JsonText(96 + expected)
                .raw("{\"type\":\"")
                .raw(type)
                .raw("\",\"ts\":")
                .number(ts)
                .raw(",\"data\":{");
    }

    static JsonText answer(String type, @Nullable String id, int expected) {
        JsonText text =
                new JsonText(96 + expected).raw("{\"type\":\"").raw(type).raw("\"");
        if (id != null) {
            text.raw(",\"id\":").string(id);
        }
        return text.raw(",\"data\":{");
    }

    static Encoded end(JsonText text) {
        return text.raw("}}").frame();
    }

    static JsonText room(JsonText text, RoomName room) {
        return text.raw("\"room\":\"").raw(room.value()).raw("\"");
    }

    static JsonText place(JsonText text, RoomName room, Place place) {
        return room(text, room)
                .raw(",\"epoch\":\"")
                .raw(place.epoch())
                .raw("\",\"seq\":")
                .number(place.seq());
    }
}
