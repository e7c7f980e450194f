package dev.hubbub.protocol;

import static dev.hubbub.protocol.EnvelopeText.answer;
import static dev.hubbub.protocol.EnvelopeText.end;
import static dev.hubbub.protocol.EnvelopeText.event;
import static dev.hubbub.protocol.EnvelopeText.place;
import static dev.hubbub.protocol.EnvelopeText.room;

import org.jspecify.annotations.Nullable;

/** Encodes what is told in a room, each message once for all who hear it, and the replies about joining and publishing. */
public final class RoomFrames {
    /** How a message begins; a history cuts it off. */
    static final String PUBLISHED = "{\"type\":\"room.published\",";

    private RoomFrames() {}

    public static Encoded joinReply(@Nullable String id, JoinAnswer answer) {
        return end(join(answer("room.join.reply", id, expected(answer)), answer));
    }

    /** The same as the join's reply, for rooms that the server joined by itself. */
    public static Encoded joined(JoinAnswer answer, long ts) {
        return end(join(event("room.joined", ts, expected(answer)), answer));
    }

    private static int expected(JoinAnswer answer) {
        JoinAnswer.PresencePage presence = answer.presence();
        return 256 + (presence == null ? 0 : PresenceFrames.length(presence.members()));
    }

    private static JsonText join(JsonText text, JoinAnswer answer) {
        place(text, answer.room(), answer.place());
        if (answer.recovered() != null) {
            text.raw(",\"recovered\":").raw(answer.recovered().toString());
        }
        text.raw(",\"replayed\":").number(answer.replayed());
        JoinAnswer.PresencePage presence = answer.presence();
        if (presence != null) {
            text.raw(",\"rev\":")
                    .number(presence.rev())
                    .raw(",\"count\":")
                    .number(presence.count())
                    .raw(",\"members\":");
            PresenceFrames.members(text, presence.members());
        }
        return text;
    }

    public static Encoded publishReply(@Nullable String id, RoomName room, Place place, long ts) {
        JsonText text = answer("room.publish.reply", id, 160);
        room(text, room).raw(",\"epoch\":\"").raw(place.epoch()).raw("\"");
        seq(text, place.seq());
        return end(text.raw(",\"ts\":").number(ts));
    }

    /** @param place its seq is 0 for an ephemeral message */
    public static Encoded published(RoomName room, Place place, long ts, Body body, Sender from) {
        JsonText text = new JsonText(256 + body.payload().length())
                .raw(PUBLISHED + "\"ts\":")
                .number(ts);
        if (body.meta() != null) {
            text.raw(",\"meta\":").raw(body.meta());
        }
        text.raw(",\"data\":{");
        room(text, room).raw(",\"epoch\":\"").raw(place.epoch()).raw("\"");
        seq(text, place.seq());
        if (body.event() != null) {
            text.raw(",\"event\":").string(body.event());
        }
        if (body.conflate() != null) {
            text.raw(",\"conflate\":").string(body.conflate());
        }
        text.raw(",\"payload\":")
                .raw(body.payload())
                .raw(",\"from\":{\"user\":")
                .string(from.user().value());
        text.raw(",\"conn\":").string(from.conn().value());
        if (from.name() != null) {
            text.raw(",\"name\":").string(from.name());
        }
        return end(text.raw("}"));
    }

    private static void seq(JsonText text, long seq) {
        if (seq > 0) {
            text.raw(",\"seq\":").number(seq);
        }
    }

    public static Encoded reset(RoomName room, Place place, String reason, long ts) {
        return end(place(event("room.reset", ts, 200), room, place)
                .raw(",\"reason\":\"")
                .raw(reason)
                .raw("\""));
    }

    public static Encoded skipped(RoomName room, String epoch, long from, long to, long ts) {
        return end(room(event("room.skipped", ts, 200), room)
                .raw(",\"epoch\":\"")
                .raw(epoch)
                .raw("\",\"from\":")
                .number(from)
                .raw(",\"to\":")
                .number(to));
    }

    public static Encoded removed(RoomName room, String reason, long ts) {
        return end(
                room(event("room.removed", ts, 200), room).raw(",\"reason\":").string(reason));
    }
}
