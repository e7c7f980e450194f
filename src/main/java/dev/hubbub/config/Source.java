package dev.hubbub.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads values of {@link Key}s and checks them against what their {@code allowed} says. */
final class Source {
    private static final Pattern RANGE = Pattern.compile("(\\S+) to (\\S+)");

    /** Gives the configured text of a name, or null where there is none. */
    interface Lookup extends Function<String, @Nullable String> {}

    private final Lookup lookup;

    Source(Lookup lookup) {
        this.lookup = lookup;
    }

    String text(Key key) {
        return text(key.name(), key.byDefault());
    }

    String text(String name, String byDefault) {
        String value = lookup.apply(name);
        return value == null ? byDefault : value.trim();
    }

    boolean flag(Key key) {
        return flag(key, key.name(), key.byDefault());
    }

    boolean flag(Key key, String name, String byDefault) {
        String value = text(name, byDefault);
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw wrong(key, name, value);
        };
    }

    int number(Key key) {
        return Math.toIntExact(big(key));
    }

    long big(Key key) {
        return big(key, key.name(), key.byDefault());
    }

    long big(Key key, String name, String byDefault) {
        return inRange(key, name, text(name, byDefault), Long::parseLong);
    }

    long millis(Key key) {
        return millis(key, key.name(), key.byDefault());
    }

    /** A duration as ISO 8601 writes it, such as {@code PT30S}, in milliseconds. */
    long millis(Key key, String name, String byDefault) {
        return inRange(key, name, text(name, byDefault), t -> Duration.parse(t).toMillis());
    }

    private static long inRange(Key key, String name, String value, Function<String, Long> parse) {
        var range = RANGE.matcher(key.allowed());
        if (!range.matches()) {
            throw new IllegalStateException(key.name());
        }
        try {
            long parsed = parse.apply(value);
            if (parsed >= parse.apply(range.group(1)) && parsed <= parse.apply(range.group(2))) {
                return parsed;
            }
        } catch (NumberFormatException | DateTimeParseException | ArithmeticException e) {
            // told below, with what is allowed
        }
        throw wrong(key, name, value);
    }

    <E extends Enum<E>> E choice(Key key, String name, String byDefault, Class<E> type) {
        String value = text(name, byDefault);
        return Stream.of(type.getEnumConstants())
                .filter(e -> e.name().toLowerCase(Locale.ROOT).equals(value))
                .findFirst()
                .orElseThrow(() -> wrong(key, name, value));
    }

    String matching(Key key, Pattern shape) {
        String value = text(key);
        if (!shape.matcher(value).matches()) {
            throw wrong(key, key.name(), shown(key.name(), value));
        }
        return value;
    }

    /** A value as it may be told: without a secret. */
    static String shown(String name, String value) {
        return name.contains("secret") || value.contains("@") ? "(hidden)" : value;
    }

    /** The same for a name that is none: it may be one of a secret, misspelt. */
    static String shownOfUnknown(String name, String value) {
        return name.matches(".*(auth|redis|passw).*") ? "(hidden)" : shown(name, value);
    }

    /** The path of a file that can be read; empty where none is set. */
    String file(Key key) {
        String file = text(key);
        if (!file.isEmpty() && !(Files.isRegularFile(Path.of(file)) && Files.isReadable(Path.of(file)))) {
            throw wrong(key, file);
        }
        return file;
    }

    /** The path of a file that the server writes, and replaces by another; empty where none is set. */
    String ownFile(Key key) {
        String file = text(key);
        if (!file.isEmpty() && !mayOwn(Path.of(file).toAbsolutePath())) {
            throw wrong(key, file);
        }
        return file;
    }

    private static boolean mayOwn(Path file) {
        Path directory = file.getParent();
        boolean fits =
                !Files.exists(file) || (Files.isRegularFile(file) && Files.isReadable(file) && Files.isWritable(file));
        return fits && directory != null && Files.isDirectory(directory) && Files.isWritable(directory);
    }

    /** Values separated by commas, without blanks around them. */
    List<String> list(Key key, Predicate<String> fits) {
        String text = text(key);
        if (text.isEmpty()) {
            return List.of();
        }
        List<String> values =
                Arrays.stream(text.split(",", -1)).map(String::trim).toList();
        if (!values.stream().allMatch(fits)) {
            throw wrong(key, text);
        }
        return values;
    }

    static ConfigurationException wrong(Key key, String value) {
        return wrong(key, key.name(), value);
    }

    private static ConfigurationException wrong(Key key, String name, String value) {
        return new ConfigurationException(name, value, key.allowed());
    }

    /**
     * The key that an environment variable stands for, which MicroProfile Config lists with dots for all its
     * underscores ({@code hubbub.limits.message.bytes}); null where it is none.
     */
    static @Nullable String fromEnvironment(String dotted) {
        for (Key key : Keys.ALL) {
            String[] parts = key.name().replace('-', '.').split("\\*");
            String shape = String.join(
                    "([a-z0-9.]+)", Arrays.stream(parts).map(Pattern::quote).toList());
            var match = Pattern.compile(shape).matcher(dotted);
            if (match.matches()) {
                return match.groupCount() == 0 ? key.name() : key.of(match.group(1));
            }
        }
        return null;
    }

    /** Whether a name is one of the table's, with any namespace for a star. */
    static boolean isKnown(String name) {
        return Keys.ALL.stream()
                .anyMatch(k -> name.matches(String.join(
                        "[A-Za-z0-9_.@|~-]+",
                        Arrays.stream(k.name().split("\\*")).map(Pattern::quote).toList())));
    }
}
