package dev.hubbub.protocol;

import java.util.regex.Pattern;

/** The server's id of one connection, unique over the cluster and never used again. */
public record ConnectionId(String value) {
    private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /** Whether a text may be one. */
    public static boolean isValid(String value) {
        return SHAPE.matcher(value).matches();
    }

    @Override
    public String toString() {
        return value;
    }
}
