package dev.hubbub.session;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a backend may look into and act on beside single rooms. API keys name them in lower case. */
public enum Area {
    /** Listing rooms. */
    ROOMS,
    /** Users and their connections. */
    USERS,
    /** Nodes. */
    NODES;

    public static Optional<Area> parse(String word) {
        return Stream.of(values()).filter(a -> a.word().equals(word)).findFirst();
    }

    /** As it is written in keys. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
