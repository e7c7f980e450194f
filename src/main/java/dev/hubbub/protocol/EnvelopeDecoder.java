package dev.hubbub.protocol;

import dev.hubbub.protocol.Fields.Wrong;
import dev.hubbub.protocol.JsonMembers.NotAnObject;
import org.jspecify.annotations.Nullable;

/** Reads a client's frame, strictly: one envelope, its type's closed contract, unknown fields ignored. Thread-safe. */
public final class EnvelopeDecoder {
    private static final int TOKEN = 8192;
    private static final int ID = 64;

    private final int maxDepth;

    /** @param maxDepth the deepest nesting that is accepted; the envelope is level 1 */
    public EnvelopeDecoder(int maxDepth) {
        this.maxDepth = maxDepth;
    }

    public Decoded decode(String text) {
        String id = null;
        try {
            Fields envelope = new Fields(JsonMembers.read(text, maxDepth), "", maxDepth);
            id = envelope.text("id", ID);
            String type = envelope.required("type", 128);
            RawJson meta = envelope.smallObject("meta");
            ClientMessage message = message(type, id, meta, envelope.object("data"));
            if (message == null) {
                return new Decoded.Invalid(id, Refusal.of(ErrorCode.UNIMPLEMENTED, "unknown type " + shown(type)));
            }
            return new Decoded.Valid(message);
        } catch (NotAnObject | Wrong e) {
            return new Decoded.Invalid(id, Refusal.invalid(String.valueOf(e.getMessage())));
        }
    }

    private static String shown(String type) {
        return type.codePoints().allMatch(c -> c > ' ' && c < 127) ? type : "(not printable)";
    }

    private static @Nullable ClientMessage message(
            String type, @Nullable String id, @Nullable RawJson meta, Fields data) throws Wrong {
        return switch (type) {
            case "auth.login" -> new ClientMessage.Login(id, data.required("token", TOKEN));
            case "auth.refresh" -> new ClientMessage.Refresh(id, data.required("token", TOKEN));
            case "ping" -> new ClientMessage.Ping(id, data.any("t"));
            case "room.join" -> join(id, data);
            case "room.leave" -> new ClientMessage.Leave(id, data.room());
            case "room.publish" -> publish(id, meta, data);
            case "room.history" -> history(id, data);
            case "presence.list" ->
                new ClientMessage.ListPresence(id, data.room(), data.user("after"), data.number("limit", 100, 1, 1000));
            case "presence.update" -> new ClientMessage.UpdatePresence(id, data.room(), status(data));
            case "cancel" -> new ClientMessage.Cancel(id, data.required("id", ID));
            default -> null;
        };
    }

    private static ClientMessage join(@Nullable String id, Fields data) throws Wrong {
        return new ClientMessage.Join(
                id,
                data.room(),
                data.place("since"),
                data.number("replay", 0, 0, 1000),
                data.presence(),
                data.smallObject("status"));
    }

    private static RawJson status(Fields data) throws Wrong {
        RawJson status = data.smallObject("status");
        if (status == null) {
            throw data.missing("status");
        }
        return status;
    }

    private static ClientMessage publish(@Nullable String id, @Nullable RawJson meta, Fields data) throws Wrong {
        RoomName room = data.room();
        Body body = body(data, meta);
        String key = data.label("key");
        if (key != null && body.ephemeral()) {
            throw new Wrong("data.key does not go with data.ephemeral: such a message is not kept");
        }
        return new ClientMessage.Publish(id, room, body, key, data.flag("echo", true));
    }

    static Body body(Fields data, @Nullable RawJson meta) throws Wrong {
        RawJson payload = data.any("payload");
        if (payload == null) {
            throw data.missing("payload");
        }
        return new Body(payload, data.label("event"), data.label("conflate"), data.flag("ephemeral", false), meta);
    }

    private static ClientMessage history(@Nullable String id, Fields data) throws Wrong {
        RoomName room = data.room();
        Place since = data.place("since");
        Place before = data.place("before");
        if (since != null && before != null) {
            throw new Wrong("data.since and data.before do not go together");
        }
        return new ClientMessage.History(id, room, since, before, data.number("limit", 50, 1, 1000));
    }
}
