package dev.hubbub.protocol;

import java.util.Locale;
import java.util.Optional;

/** How a subscriber takes part in a room's presence: is listed and hears, only hears, or neither. */
public enum PresenceMode {
    FULL,
    LISTEN,
    OFF;

    public static Optional<PresenceMode> parse(String text) {
        return switch (text) {
            case "full" -> Optional.of(FULL);
            case "listen" -> Optional.of(LISTEN);
            case "off" -> Optional.of(OFF);
            default -> Optional.empty();
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
