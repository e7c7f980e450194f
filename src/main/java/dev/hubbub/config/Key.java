package dev.hubbub.config;

/**
 * One setting: its name, default, what is allowed and what it is for. The table of these is what
 * {@code docs/configuration.md} is checked against.
 *
 * @param name kebab-case, beginning with {@code hubbub.}; {@code *} stands for a namespace's name
 */
public record Key(String name, String byDefault, String allowed, String purpose) {
    /** The key of one namespace, for a key with a star. */
    String of(String namespace) {
        return name.replace("*", namespace);
    }
}
