package dev.hubbub.tool;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A length of time as people type it: {@code 90s}, {@code 15m}, {@code 1h}, {@code 90d}, or as ISO 8601 writes it. */
final class Span {
    private static final Pattern SHORT = Pattern.compile("([0-9]{1,9})([smhd])");
    private static final Duration MOST = Duration.ofDays(36_500);

    private Span() {}

    /** At least a second, at most a hundred years. */
    static Duration parse(String option, String text) {
        try {
            Matcher matcher = SHORT.matcher(text);
            Duration span = matcher.matches()
                    ? Duration.parse((matcher.group(2).equals("d") ? "P" : "PT") + text.toUpperCase(Locale.ROOT))
                    : Duration.parse(text);
            if (span.compareTo(Duration.ofSeconds(1)) >= 0 && span.compareTo(MOST) <= 0) {
                return span;
            }
        } catch (DateTimeException | ArithmeticException e) {
            // told below
        }
        throw Failure.usage("--" + option + " must be a time such as 90s, 15m, 1h, 90d or PT1H30M, not '" + text + "'");
    }

    /** As people would write it in a setting. */
    static String text(Duration span) {
        boolean days = span.toDays() > 0 && span.equals(Duration.ofDays(span.toDays()));
        return days ? "P" + span.toDays() + "D" : span.toString();
    }
}
