package dev.hubbub.protocol;

import dev.hubbub.protocol.Fields.Wrong;
import dev.hubbub.protocol.JsonMembers.NotAnObject;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A message as nodes hand it to each other and as it is kept outside them: one JSON object, whose members have one letter
 * each. Its place and time stand beside it.
 *
 * @param exclude the connection that is not sent it
 */
public record StoredMessage(
        Body body, Sender from, @Nullable ConnectionId exclude) {
    /** Deeper than any message may nest that a node takes. */
    private static final int DEPTH = 300;

    private static final int LONGEST = 4096;

    public byte[] bytes() {
        JsonText text = new JsonText(128 + body.payload().length());
        text.raw("{\"u\":").string(from.user().value());
        text.raw(",\"n\":").string(from.conn().value());
        optional(text, ",\"d\":", from.name());
        optional(text, ",\"e\":", body.event());
        optional(text, ",\"c\":", body.conflate());
        RawJson meta = body.meta();
        if (meta != null) {
            text.raw(",\"m\":").raw(meta);
        }
        optional(text, ",\"x\":", exclude == null ? null : exclude.value());
        return text.raw(",\"p\":").raw(body.payload()).raw("}").bytes();
    }

    private static void optional(JsonText text, String name, @Nullable String value) {
        if (value != null) {
            text.raw(name).string(value);
        }
    }

    /** Empty where the bytes are something else. */
    public static Optional<StoredMessage> parse(byte[] bytes, boolean ephemeral) {
        try {
            Fields fields = new Fields(JsonMembers.read(new String(bytes, StandardCharsets.UTF_8), DEPTH), "", DEPTH);
            UserId user = fields.user("u");
            RawJson payload = fields.any("p");
            if (user == null || payload == null) {
                return Optional.empty();
            }
            Sender from = new Sender(user, new ConnectionId(fields.required("n", LONGEST)), fields.text("d", LONGEST));
            String exclude = fields.text("x", LONGEST);
            return Optional.of(new StoredMessage(
                    new Body(payload, fields.label("e"), fields.label("c"), ephemeral, fields.smallObject("m")),
                    from,
                    exclude == null ? null : new ConnectionId(exclude)));
        } catch (Wrong | NotAnObject e) {
            return Optional.empty();
        }
    }
}
