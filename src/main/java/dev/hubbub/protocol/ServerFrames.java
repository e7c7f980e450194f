package dev.hubbub.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Encodes what the server says, each message once. The order of the fields is fixed, {@code type} first. */
public final class ServerFrames {
    private ServerFrames() {}

    private static JsonText event(String type, long ts, int expected) {
        return new JsonText(96 + expected)
                .raw("{\"type\":\"")
                .raw(type)
                .raw("\",\"ts\":")
                .number(ts)
                .raw(",\"data\":{");
    }

    private static JsonText answer(String type, @Nullable String id, int expected) {
        JsonText text =
                new JsonText(96 + expected).raw("{\"type\":\"").raw(type).raw("\"");
        if (id != null) {
            text.raw(",\"id\":").string(id);
        }
        return text.raw(",\"data\":{");
    }

    private static Encoded end(JsonText text) {
        return text.raw("}}").frame();
    }

    private static JsonText room(JsonText text, RoomName room) {
        return text.raw("\"room\":\"").raw(room.value()).raw("\"");
    }

    private static JsonText place(JsonText text, RoomName room, Place place) {
        return room(text, room)
                .raw(",\"epoch\":\"")
                .raw(place.epoch())
                .raw("\",\"seq\":")
                .number(place.seq());
    }

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

    public static Encoded joinReply(@Nullable String id, JoinAnswer answer) {
        return end(join(answer("room.join.reply", id, 256), answer));
    }

    /** The same as the join's reply, for rooms that the server joined by itself. */
    public static Encoded joined(JoinAnswer answer, long ts) {
        return end(join(event("room.joined", ts, 256), answer));
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
            members(text, presence.members());
        }
        return text;
    }

    /** An answer that says only that it was done. */
    public static Encoded done(String type, @Nullable String id) {
        return end(answer(type + ".reply", id, 0));
    }

    public static Encoded publishReply(@Nullable String id, RoomName room, Place place, long ts) {
        JsonText text = answer("room.publish.reply", id, 160);
        room(text, room).raw(",\"epoch\":\"").raw(place.epoch()).raw("\"");
        seq(text, place.seq());
        return end(text.raw(",\"ts\":").number(ts));
    }

    /** The reply to {@code auth.login} is {@code session.opened}; this is the one to {@code auth.refresh}. */
    public static Encoded refreshReply(@Nullable String id, long expiresAt) {
        return end(answer("auth.refresh.reply", id, 32).raw("\"expiresAt\":").number(expiresAt));
    }

    private static void seq(JsonText text, long seq) {
        if (seq > 0) {
            text.raw(",\"seq\":").number(seq);
        }
    }

    /** @param place its seq is 0 for an ephemeral message */
    public static Encoded published(RoomName room, Place place, long ts, Body body, Sender from) {
        JsonText text = new JsonText(256 + body.payload().length())
                .raw("{\"type\":\"room.published\",\"ts\":")
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

    /** @param messages each one JSON object */
    public static Encoded historyPage(@Nullable String id, List<byte[]> messages) {
        int length = messages.stream().mapToInt(m -> m.length + 1).sum();
        JsonText text = answer("room.history.reply", id, length + 32).raw("\"messages\":[");
        String comma = "";
        for (byte[] message : messages) {
            text.raw(comma).raw(message);
            comma = ",";
        }
        return end(text.raw("]"));
    }

    /** A history as HTTP answers it. */
    public static byte[] historyBody(List<byte[]> messages, Place head, long first, boolean truncated) {
        int length = messages.stream().mapToInt(m -> m.length + 1).sum();
        JsonText text = new JsonText(length + 128).raw("{\"messages\":[");
        String comma = "";
        for (byte[] message : messages) {
            text.raw(comma).raw(message);
            comma = ",";
        }
        return text.raw("],\"epoch\":\"")
                .raw(head.epoch())
                .raw("\",\"seq\":")
                .number(head.seq())
                .raw(",\"first\":")
                .number(first)
                .raw(",\"truncated\":")
                .raw(Boolean.toString(truncated))
                .raw("}")
                .bytes();
    }

    /** Members as HTTP lists them. */
    public static byte[] memberItems(List<Member> members, int count, long rev, @Nullable UserId next) {
        JsonText text = members(new JsonText(64 + members.size() * 96).raw("{\"items\":"), members)
                .raw(",\"count\":")
                .number(count)
                .raw(",\"rev\":")
                .number(rev);
        return (next == null ? text : text.raw(",\"next\":").string(next.value()))
                .raw("}")
                .bytes();
    }

    public static Encoded historyComplete(
            @Nullable String id, Place head, long first, boolean truncated, boolean cancelled) {
        JsonText text = answer("room.history.complete", id, 128)
                .raw("\"epoch\":\"")
                .raw(head.epoch())
                .raw("\",\"seq\":")
                .number(head.seq())
                .raw(",\"first\":")
                .number(first)
                .raw(",\"truncated\":")
                .raw(Boolean.toString(truncated));
        return end(cancelled ? text.raw(",\"cancelled\":true") : text);
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

    /** @param type {@code joined}, {@code left} or {@code updated} */
    public static Encoded presence(
            String type, RoomName room, long rev, int count, Member member, long lastSeen, long ts) {
        JsonText text = room(event("presence." + type, ts, 256), room)
                .raw(",\"rev\":")
                .number(rev)
                .raw(",\"count\":")
                .number(count)
                .raw(",\"member\":");
        member(text, member, lastSeen);
        return end(text);
    }

    public static Encoded presenceChanged(
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
    public static Encoded presenceCount(RoomName room, long fromRev, long rev, int count, long ts) {
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

    public static Encoded presenceReset(RoomName room, long rev, int count, long ts) {
        return end(room(event("presence.reset", ts, 128), room)
                .raw(",\"rev\":")
                .number(rev)
                .raw(",\"count\":")
                .number(count));
    }

    /** @param next the last user of the page, where more follow */
    public static Encoded presenceList(
            @Nullable String id, List<Member> members, int count, long rev, @Nullable UserId next) {
        JsonText text = members(
                        answer("presence.list.reply", id, 64 + members.size() * 96)
                                .raw("\"members\":"),
                        members)
                .raw(",\"count\":")
                .number(count)
                .raw(",\"rev\":")
                .number(rev);
        return end(next == null ? text : text.raw(",\"next\":").string(next.value()));
    }

    private static JsonText members(JsonText text, List<Member> members) {
        text.raw("[");
        String comma = "";
        for (Member member : members) {
            member(text.raw(comma), member, 0);
            comma = ",";
        }
        return text.raw("]");
    }

    private static void member(JsonText text, Member member, long lastSeen) {
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
        if (lastSeen > 0) {
            text.raw(",\"lastSeen\":").number(lastSeen);
        }
        text.raw("}");
    }

    /**
     * Turns an encoded {@code room.published} into the object that histories list: its data with {@code ts} (and
     * {@code meta}) beside the other fields.
     */
    public static byte[] historyItem(byte[] in, int json, int length) {
        int head = "{\"type\":\"room.published\",".length();
        int data = dataStart(in, json + head);
        int wrapper = ",\"data\":{".length();
        byte[] item = new byte[length - head - wrapper + 1];
        item[0] = '{';
        int before = data - json - head;
        System.arraycopy(in, json + head, item, 1, before);
        item[1 + before] = ',';
        int rest = length - head - before - wrapper - 1;
        System.arraycopy(in, data + wrapper, item, 2 + before, rest);
        return item;
    }

    /** Finds the {@code ,"data":} of the envelope; strings in the small meta before it cannot hold a bare quote. */
    private static int dataStart(byte[] in, int from) {
        int at = from;
        int depth = 0;
        boolean string = false;
        while (true) {
            byte b = in[at];
            if (string) {
                if (b == '\\') {
                    at++;
                } else if (b == '"') {
                    string = false;
                }
            } else if (b == '"') {
                string = true;
            } else if (b == '{' || b == '[') {
                depth++;
            } else if (b == '}' || b == ']') {
                depth--;
            } else if (b == ',' && depth == 0 && in[at + 2] == 'd') {
                return at;
            }
            at++;
        }
    }
}
