package dev.hubbub.protocol;

import dev.hubbub.protocol.Fields.Wrong;
import dev.hubbub.protocol.JsonMembers.Kind;
import dev.hubbub.protocol.JsonMembers.NotAnObject;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A member as it is kept outside the nodes: {@code {"conns":1,"since":…,"name":…,"status":{…}}}, put together where it is
 * kept, the members in this order. Its user stands beside it.
 */
public final class StoredMember {
    /** Deeper than any status may nest that a node takes. */
    private static final int DEPTH = 300;

    private StoredMember() {}

    /** How a name stands in it, null included. */
    public static byte[] name(@Nullable String name) {
        return name == null
                ? new JsonText(8).raw("null").bytes()
                : new JsonText(64).string(name).bytes();
    }

    public static byte[] status(RawJson status) {
        return status.bytes();
    }

    /** Empty where the bytes are something else. */
    public static Optional<Member> parse(String user, byte[] bytes) {
        try {
            JsonMembers members = JsonMembers.read(new String(bytes, StandardCharsets.UTF_8), DEPTH);
            Fields fields = new Fields(members, "", DEPTH);
            RawJson status = fields.smallObject("status");
            long since = fields.whole("since");
            int conns = fields.number("conns", -1, 0, Integer.MAX_VALUE);
            if (!UserId.isValid(user) || status == null || since < 0 || conns < 0) {
                return Optional.empty();
            }
            boolean named = members.kind("name").filter(Kind.STRING::equals).isPresent();
            String name = named ? members.string("name") : null;
            return Optional.of(new Member(new UserId(user), name, status, since, conns));
        } catch (Wrong | NotAnObject e) {
            return Optional.empty();
        }
    }
}
