package dev.hubbub.protocol;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A place in a room's log: after the message {@code seq} of {@code epoch}; {@code seq} 0 is the place before the first.
 */
public record Place(String epoch, long seq) {
    private static final Pattern EPOCH = Pattern.compile("[A-Za-z0-9_-]{1,16}");
    /** The largest number that every JSON reader keeps exactly (RFC 8259, section 6). */
    public static final long MAX_SEQ = (1L << 53) - 1;

    public static boolean isValid(String epoch, long seq) {
        return EPOCH.matcher(epoch).matches() && seq >= 0 && seq <= MAX_SEQ;
    }

    /** Reads {@code epoch:seq}, as it stands in URLs; empty where the text is something else. */
    public static Optional<Place> parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 1 || colon == text.length() - 1 || text.length() > 40) {
            return Optional.empty();
        }
        String epoch = text.substring(0, colon);
        String digits = text.substring(colon + 1);
        long seq = number(digits);
        return isValid(epoch, seq) ? Optional.of(new Place(epoch, seq)) : Optional.empty();
    }

    /** A whole number of up to 16 digits; -1 where the text is something else. */
    public static long number(String digits) {
        if (digits.isEmpty() || digits.length() > 16) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < digits.length(); i++) {
            char digit = digits.charAt(i);
            if (digit < '0' || digit > '9') {
                return -1;
            }
            number = number * 10 + digit - '0';
        }
        return number;
    }

    @Override
    public String toString() {
        return epoch + ":" + seq;
    }
}
