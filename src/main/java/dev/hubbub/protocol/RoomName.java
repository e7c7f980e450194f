package dev.hubbub.protocol;

/**
 * The name of a room: parts of {@code [A-Za-z0-9_.@|~-]+} joined by colons, at most 128 characters. What stands before
 * the first colon is its namespace.
 */
public record RoomName(String value) implements Comparable<RoomName> {
    /** Longest name, in characters. */
    public static final int MAX_LENGTH = 128;

    private static final String USER = "user";

    public RoomName {
        if (!isValid(value)) {
            throw new IllegalArgumentException("not a room name");
        }
    }

    public static boolean isValid(String value) {
        if (value.length() > MAX_LENGTH) {
            return false;
        }
        boolean inPart = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == ':' ? !inPart : !Letters.has(c)) {
                return false;
            }
            inPart = c != ':';
        }
        return inPart;
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
