package dev.hubbub.protocol;

import java.util.regex.Pattern;

/** A user's id: 1 to 120 characters of {@code [A-Za-z0-9_.@|~-]}, so that {@code user:<id>} is a room's name. */
public record UserId(String value) implements Comparable<UserId> {
    private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9_.@|~-]{1,120}");

    public UserId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("not a user id");
        }
    }

    public static boolean isValid(String value) {
        return SHAPE.matcher(value).matches();
    }

    @Override
    public int compareTo(UserId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
