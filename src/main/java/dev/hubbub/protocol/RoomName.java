package dev.hubbub.protocol;

import java.util.regex.Pattern;

/**
 * The name of a room: parts of {@code [A-Za-z0-9_.@|~-]+} joined by colons, at most 128 characters. What stands before
 * the first colon is its namespace.
 */
public record RoomName(String value) implements Comparable<RoomName> {
    /** Longest name, in characters. */
    public static final int MAX_LENGTH = 128;

    private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9_.@|~-]+(:[A-Za-z0-9_.@|~-]+)*");
    private static final String USER = "user";

    public RoomName {
        if (!isValid(value)) {
            throw new IllegalArgumentException("not a room name");
        }
    }

    public static boolean isValid(String value) {
        return value.length() <= MAX_LENGTH && SHAPE.matcher(value).matches();
    }

    /** The room that every connection of {@code user} is in from its start. */
    public static RoomName ofUser(UserId user) {
        return new RoomName(USER + ":" + user.value());
    }

    /** The namespace whose policy holds for this room; {@code default} where the name has no colon. */
    public String namespace() {
        int colon = value.indexOf(':');
        return colon < 0 ? "default" : value.substring(0, colon);
    }

    /** Whether this is a user's own room. */
    public boolean isUserRoom() {
        return value.startsWith("user:");
    }

    @Override
    public int compareTo(RoomName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
