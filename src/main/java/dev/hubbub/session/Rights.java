package dev.hubbub.session;

import dev.hubbub.protocol.RoomName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What credentials grant by themselves: actions in the rooms that match a pattern, and areas. A pattern is a room's name,
 * or what names begin with followed by {@code *}; at most 129 characters. Immutable, and meant to be shared.
 */
public final class Rights {
    /** Rules that one token or key may have. */
    public static final int MOST_RULES = 200;

    public static final Rights NONE = new Rights(List.of(), Set.of());
    /** Everything, everywhere. */
    public static final Rights ALL =
            new Rights(List.of(new Rule("*", EnumSet.allOf(Action.class))), EnumSet.allOf(Area.class));

    private static final Pattern PATTERN = Pattern.compile("\\*|[A-Za-z0-9_.@|~-]+(:[A-Za-z0-9_.@|~-]+)*(:?\\*)?");
    private static final int MOST_CHARACTERS = 129;

    /** Actions in the rooms that match a pattern. */
    public static final class Rule {
        private final String pattern;
        private final Set<Action> actions;
        private final boolean prefix;
        private final String text;

        private Rule(String pattern, Set<Action> actions) {
            this.pattern = pattern;
            this.actions = actions;
            this.prefix = pattern.endsWith("*");
            this.text = prefix ? pattern.substring(0, pattern.length() - 1) : pattern;
        }

        /** Empty where the pattern is none. */
        public static Optional<Rule> of(String pattern, Collection<Action> actions) {
            boolean fits = pattern.length() <= MOST_CHARACTERS
                    && PATTERN.matcher(pattern).matches();
            return fits && !actions.isEmpty()
                    ? Optional.of(new Rule(pattern, EnumSet.copyOf(actions)))
                    : Optional.empty();
        }

        private boolean allows(Action action, String room) {
            return actions.contains(action) && (prefix ? room.startsWith(text) : room.equals(text));
        }

        /** As it is written in a ticket: the pattern, and the actions behind it. */
        @Override
        public String toString() {
            return pattern + "=" + actions.stream().map(Action::word).collect(Collectors.joining(","));
        }
    }

    private final List<Rule> rules;
    private final Set<Area> areas;

    public Rights(List<Rule> rules, Set<Area> areas) {
        this.rules = List.copyOf(rules);
        this.areas = Set.copyOf(areas);
    }

    public boolean allow(Action action, RoomName room) {
        for (Rule rule : rules) {
            if (rule.allows(action, room.value())) {
                return true;
            }
        }
        return false;
    }

    public boolean cover(Area area) {
        return areas.contains(area);
    }

    /** Whether others are as good, in whatever order they were written. */
    public boolean isSame(Rights others) {
        return this == others || (areas.equals(others.areas) && texts().equals(others.texts()));
    }

    private Set<String> texts() {
        return rules.stream().map(Rule::toString).collect(Collectors.toSet());
    }

    public boolean isEmpty() {
        return rules.isEmpty() && areas.isEmpty();
    }

    /** One line, which {@link #parse} reads: rules of rooms alone. */
    public String format() {
        return rules.stream().map(Rule::toString).collect(Collectors.joining(" "));
    }

    /** Reads what {@link #format} wrote. */
    public static Rights parse(String text) {
        List<Rule> rules = new ArrayList<>();
        for (String part : text.split(" ", -1)) {
            int at = part.indexOf('=');
            if (at > 0) {
                List<Action> actions = List.of(part.substring(at + 1).split(",")).stream()
                        .flatMap(word -> Action.parse(word).stream())
                        .toList();
                Rule.of(part.substring(0, at), actions).ifPresent(rules::add);
            }
        }
        return rules.isEmpty() ? NONE : new Rights(rules, Set.of());
    }
}
