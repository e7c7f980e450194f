package dev.hubbub.protocol;

/** A user's id: 1 to 120 characters of {@code [A-Za-z0-9_.@|~-]}, so that {@code user:<id>} is a room's name of two parts. */
public record UserId(String value) implements Comparable<UserId> {
    private static final int MAX_LENGTH = 120;

    public UserId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("not a user id");
        }
    }

    public static boolean isValid(String value) {
        return value.length() <= MAX_LENGTH && value.indexOf(':') < 0 && RoomName.isValid(value);
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
