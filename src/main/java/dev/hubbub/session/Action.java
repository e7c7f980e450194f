package dev.hubbub.session;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What somebody may do in a room. Tokens and API keys name them in lower case. */
public enum Action {
    /** Being sent what is said, and what was missed meanwhile. */
    JOIN,
    PUBLISH,
    /** Seeing who is there, and being seen. */
    PRESENCE,
    /** Reading what was said before. */
    HISTORY,
    /** Taking others out. */
    KICK;

    public static Optional<Action> parse(String word) {
        return Stream.of(values()).filter(a -> a.word().equals(word)).findFirst();
    }

    /** As it is written in tokens, keys and messages. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
