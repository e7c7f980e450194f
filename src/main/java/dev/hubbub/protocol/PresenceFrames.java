package dev.hubbub.protocol;

import static dev.hubbub.protocol.EnvelopeText.answer;
import static dev.hubbub.protocol.EnvelopeText.end;
import static dev.hubbub.protocol.EnvelopeText.event;
import static dev.hubbub.protocol.EnvelopeText.room;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Encodes who is in a room, and how that changes. */
public final class PresenceFrames {
    /** What a member takes, in bytes: most have neither a name nor a status. */
    private static final int MEMBER = 112;

    private PresenceFrames() {}

    /** @param type {@code joined}, {@code left} or {@code updated} */
    public static Encoded one(String type, RoomName room, long rev, int count, Member member, long lastSeen, long ts) {
        JsonText text = room(event("presence." + type, ts, 256), room)
                .raw(",\"rev\":")
                .number(rev)
                .raw(",\"count\":")
                .number(count)
                .raw(",\"member\":");
        fields(text, member);
        if (lastSeen > 0) {
            text.raw(",\"lastSeen\":").number(lastSeen);
        }
        return end(text.raw("}"));
    }

    public static Encoded changed(
            RoomName room,
            long fromRev,
            long rev,
            int count,
            List<Member> joined,
            List<UserId> left,
            List<Member> updated,
            long ts) {
        JsonText text = changed(room, fromRev, rev, count, ts).raw(",\"joined\":");
        members(text, joined).raw(",\"left\":[");
        String comma = "";
        for (UserId user : left) {
            text.raw(comma).raw("{\"user\":").string(user.value()).raw("}");
            comma = ",";
        }
        return end(members(text.raw("],\"updated\":"), updated));
    }

    /** The form for the largest rooms: lists are had on demand. */
    public static Encoded count(RoomName room, long fromRev, long rev, int count, long ts) {
        return end(changed(room, fromRev, rev, count, ts));
    }

    private static JsonText changed(RoomName room, long fromRev, long rev, int count, long ts) {
        return room(event("presence.changed", ts, 256), room)
                .raw(",\"fromRev\":")
                .number(fromRev)
                .raw(",\"rev\":")
                .number(rev)
                .raw(",\"count\":")
                .number(count);
    }

    public static Encoded reset(RoomName room, long rev, int count, long ts) {
        return end(room(event("presence.reset", ts, 128), room)
                .raw(",\"rev\":")
                .number(rev)
                .raw(",\"count\":")
                .number(count));
    }

    /** @param next the last user of the page, where more follow */
    public static Encoded list(@Nullable String id, List<Member> members, int count, long rev, @Nullable UserId next) {
        JsonText text = members(
                        answer("presence.list.reply", id, 64 + length(members)).raw("\"members\":"), members)
                .raw(",\"count\":")
                .number(count)
                .raw(",\"rev\":")
                .number(rev);
        return end(next == null ? text : text.raw(",\"next\":").string(next.value()));
    }

    /** Members as HTTP lists them. */
    public static byte[] items(List<Member> members, int count, long rev, @Nullable UserId next) {
        JsonText text = members(new JsonText(64 + length(members)).raw("{\"items\":"), members)
                .raw(",\"count\":")
                .number(count)
                .raw(",\"rev\":")
                .number(rev);
        return (next == null ? text : text.raw(",\"next\":").string(next.value()))
                .raw("}")
                .bytes();
    }

    static JsonText members(JsonText text, List<Member> members) {
        text.raw("[");
        String comma = "";
        for (Member member : members) {
            text.raw(comma).raw(member.json());
            comma = ",";
        }
        return text.raw("]");
    }

    /** What members take in a list at most, in bytes. */
    static int length(List<Member> members) {
        int length = 2;
        for (Member member : members) {
            length += member.json().length() + 1;
        }
        return length;
    }

    static RawJson json(Member member) {
        JsonText text = new JsonText(MEMBER);
        fields(text, member);
        return RawJson.ofOwn(text.raw("}"));
    }

    /** Without the last brace: more may follow. */
    private static void fields(JsonText text, Member member) {
        text.raw("{\"user\":").string(member.user().value());
        if (member.name() != null) {
            text.raw(",\"name\":").string(member.name());
        }
        text.raw(",\"status\":")
                .raw(member.status())
                .raw(",\"since\":")
                .number(member.since())
                .raw(",\"conns\":")
                .number(member.conns());
    }
}
