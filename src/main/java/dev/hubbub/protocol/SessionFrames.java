package dev.hubbub.protocol;

import static dev.hubbub.protocol.EnvelopeText.answer;
import static dev.hubbub.protocol.EnvelopeText.end;
import static dev.hubbub.protocol.EnvelopeText.event;
import static dev.hubbub.protocol.EnvelopeText.place;

import org.jspecify.annotations.Nullable;

/**
 * Encodes what a session is told of itself: its beginning and end, and the answers that belong to no room. The order of
 * the fields is fixed, {@code type} first, here and in all other frames.
 */
public final class SessionFrames {
    private SessionFrames() {}

    public static Encoded opened(SessionInfo info, long ts) {
        JsonText text = event("session.opened", ts, 512)
                .raw("\"conn\":")
                .string(info.conn().value())
                .raw(",\"user\":")
                .string(info.user().value());
        if (info.name() != null) {
            text.raw(",\"name\":").string(info.name());
        }
        text.raw(",\"node\":")
                .string(info.node())
                .raw(",\"protocol\":\"hubbub.v1\",\"pingMs\":")
                .number(info.pingMs())
                .raw(",\"limits\":{\"messageBytes\":")
                .number(info.messageBytes())
                .raw(",\"rooms\":")
                .number(info.rooms())
                .raw(",\"publishPerSecond\":")
                .number(info.publishPerSecond())
                .raw(",\"publishBurst\":")
                .number(info.publishBurst())
                .raw("}");
        if (info.userRoom() != null) {
            place(text.raw(",\"userRoom\":{"), RoomName.ofUser(info.user()), info.userRoom())
                    .raw("}");
        }
        if (info.anon() != null) {
            text.raw(",\"anon\":").string(info.anon());
        }
        if (info.expiresAt() > 0) {
            text.raw(",\"expiresAt\":").number(info.expiresAt());
        }
        return end(text);
    }

    /** The reply to {@code auth.login} is {@code session.opened}; this is the one to {@code auth.refresh}. */
    public static Encoded refreshReply(@Nullable String id, long expiresAt) {
        return end(answer("auth.refresh.reply", id, 32).raw("\"expiresAt\":").number(expiresAt));
    }

    /** An answer that says only that it was done. */
    public static Encoded done(String type, @Nullable String id) {
        return end(answer(type + ".reply", id, 0));
    }

    public static Encoded error(@Nullable String id, Refusal refusal) {
        JsonText text = answer("error", id, 256)
                .raw("\"code\":\"")
                .raw(refusal.code().name())
                .raw("\",\"message\":")
                .string(refusal.message());
        if (refusal.retryAfterMs() > 0) {
            text.raw(",\"retryAfterMs\":").number(refusal.retryAfterMs());
        }
        return end(text);
    }

    public static Encoded pong(@Nullable String id, @Nullable RawJson t) {
        JsonText text = answer("pong", id, 64);
        return end(t == null ? text : text.raw("\"t\":").raw(t));
    }

    public static Encoded reconnect(long afterMs, long ts) {
        return end(event("reconnect", ts, 64).raw("\"after\":").number(afterMs));
    }

    /** What a close code would say, for transports that have none. */
    public static Encoded closed(CloseCode code, String reason, long ts) {
        return end(event("session.closed", ts, 128)
                .raw("\"code\":")
                .number(code.code())
                .raw(",\"reason\":")
                .string(reason)
                .raw(",\"reconnect\":")
                .raw(Boolean.toString(code.reconnect())));
    }
}
