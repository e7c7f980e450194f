package dev.hubbub.protocol;

import dev.hubbub.protocol.JsonMembers.Kind;
import dev.hubbub.protocol.JsonMembers.NotAnObject;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Typed, strict reading of an object's members; every refusal names the field. Absent optional fields are null. */
final class Fields {
    private static final Pattern INTEGER = Pattern.compile("0|[1-9][0-9]{0,15}");
    private static final int LABEL = 128;

    /** A member has a wrong type or value. Carries no stack trace: it is an answer, thrown often by bad clients. */
    static final class Wrong extends Exception {
        Wrong(String message) {
            super(message, null, false, false);
        }
    }

    private final JsonMembers members;
    private final String prefix;
    private final int depthLeft;

    Fields(JsonMembers members, String prefix, int depthLeft) {
        this.members = members;
        this.prefix = prefix;
        this.depthLeft = depthLeft;
    }

    private Wrong wrong(String name, String must) {
        return new Wrong(prefix + name + " must be " + must);
    }

    private boolean has(String name, Kind kind, String must) throws Wrong {
        Optional<Kind> found = members.kind(name);
        if (found.isEmpty()) {
            return false;
        }
        if (found.get() != kind) {
            throw wrong(name, must);
        }
        return true;
    }

    @Nullable
    String text(String name, int longest) throws Wrong {
        String must = "a string of 1 to " + longest + " characters";
        if (!has(name, Kind.STRING, must)) {
            return null;
        }
        String value = members.string(name);
        int length = value.codePointCount(0, value.length());
        if (length < 1 || length > longest) {
            throw wrong(name, must);
        }
        return value;
    }

    @Nullable
    String label(String name) throws Wrong {
        return text(name, LABEL);
    }

    String required(String name, int longest) throws Wrong {
        String value = text(name, longest);
        if (value == null) {
            throw missing(name);
        }
        return value;
    }

    Wrong missing(String name) {
        return new Wrong(prefix + name + " is missing");
    }

    RoomName room() throws Wrong {
        String value = required("room", RoomName.MAX_LENGTH);
        if (!RoomName.isValid(value)) {
            throw wrong("room", "parts of [A-Za-z0-9_.@|~-] joined by colons");
        }
        return new RoomName(value);
    }

    @Nullable
    UserId user(String name) throws Wrong {
        String value = text(name, 120);
        if (value == null) {
            return null;
        }
        if (!UserId.isValid(value)) {
            throw wrong(name, "a user id");
        }
        return new UserId(value);
    }

    boolean flag(String name, boolean absent) throws Wrong {
        return has(name, Kind.BOOLEAN, "true or false") ? members.cut(name).equals("true") : absent;
    }

    int number(String name, int absent, int least, int most) throws Wrong {
        String must = "a whole number from " + least + " to " + most;
        if (!has(name, Kind.NUMBER, must)) {
            return absent;
        }
        long value = integer(members.cut(name));
        if (value < least || value > most) {
            throw wrong(name, must);
        }
        return (int) value;
    }

    /** A whole number of 0 or more; -1 where there is none. */
    long whole(String name) throws Wrong {
        return has(name, Kind.NUMBER, "a whole number") ? integer(members.cut(name)) : -1;
    }

    private static long integer(String text) {
        return INTEGER.matcher(text).matches() ? Long.parseLong(text) : -1;
    }

    @Nullable
    RawJson any(String name) {
        return members.kind(name).isEmpty() ? null : RawJson.ofValid(members.cut(name));
    }

    /** An object of at most 1 KiB. */
    @Nullable
    RawJson smallObject(String name) throws Wrong {
        String must = "an object of at most 1024 bytes";
        if (!has(name, Kind.OBJECT, must)) {
            return null;
        }
        RawJson value = RawJson.ofValid(members.cut(name));
        if (value.length() > 1024) {
            throw wrong(name, must);
        }
        return value;
    }

    @Nullable
    Place place(String name) throws Wrong {
        String must = "{epoch, seq}";
        if (!has(name, Kind.OBJECT, must)) {
            return null;
        }
        Fields inner = object(name);
        String epoch = inner.required("epoch", 16);
        if (!inner.has("seq", Kind.NUMBER, "a whole number")) {
            throw inner.missing("seq");
        }
        long seq = integer(inner.members.cut("seq"));
        if (!Place.isValid(epoch, seq)) {
            throw wrong(name, must + " with an epoch of [A-Za-z0-9_-]{1,16} and a whole seq of 0 or more");
        }
        return new Place(epoch, seq);
    }

    @Nullable
    PresenceMode presence() throws Wrong {
        String value = text("presence", 16);
        if (value == null) {
            return null;
        }
        return PresenceMode.parse(value).orElseThrow(() -> wrong("presence", "full, listen or off"));
    }

    /** The texts of an array's elements; null where there is none. */
    @Nullable
    List<String> elements(String name, int most) throws Wrong {
        String must = "an array of 1 to " + most;
        if (!has(name, Kind.ARRAY, must)) {
            return null;
        }
        try {
            List<String> elements = JsonMembers.elements(members.cut(name), depthLeft - 1, most);
            if (elements.isEmpty() || elements.size() > most) {
                throw wrong(name, must);
            }
            return elements;
        } catch (NotAnObject e) {
            throw new Wrong(prefix + name + ": " + e.getMessage());
        }
    }

    /** The text of a member that is there, as it was written. */
    String written(String name) {
        return members.cut(name);
    }

    /** The members of the object within; without it, none. */
    Fields object(String name) throws Wrong {
        String inside = prefix + name + ".";
        if (!has(name, Kind.OBJECT, "an object")) {
            return new Fields(JsonMembers.NONE, inside, depthLeft - 1);
        }
        try {
            return new Fields(JsonMembers.read(members.cut(name), depthLeft - 1), inside, depthLeft - 1);
        } catch (NotAnObject e) {
            throw new Wrong(prefix + name + ": " + e.getMessage());
        }
    }
}
