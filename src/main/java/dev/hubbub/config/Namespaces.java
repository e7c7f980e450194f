package dev.hubbub.config;

import java.util.Locale;

/**
 * Reads what is set for namespaces.
 *
 * @param open who may do what nothing is said of
 */
record Namespaces(Source source, String open) {
    /** The namespace of users' own rooms. */
    static final String USERS = "user";

    /** A namespace's own keys, else those of {@code default}, else the table's defaults. */
    NamespacePolicy policy(String name) {
        RoomKind kind = kind(name);
        int historySize = (int) source.big(Keys.HISTORY_SIZE, Keys.HISTORY_SIZE.of(name), inherited(Keys.HISTORY_SIZE));
        return new NamespacePolicy(
                kind,
                kind == RoomKind.REACTIVE ? 0 : historySize,
                source.big(Keys.HISTORY_BYTES, Keys.HISTORY_BYTES.of(name), inherited(Keys.HISTORY_BYTES)),
                source.millis(Keys.HISTORY_AGE, Keys.HISTORY_AGE.of(name), inherited(Keys.HISTORY_AGE)),
                source.flag(Keys.PRESENCE, Keys.PRESENCE.of(name), inherited(Keys.PRESENCE)),
                source.choice(Keys.OVERFLOW, Keys.OVERFLOW.of(name), inherited(Keys.OVERFLOW), Overflow.class),
                audience(Keys.MAY_JOIN, name, open),
                audience(Keys.MAY_PUBLISH, name, open),
                audience(Keys.MAY_READ, name, open),
                audience(Keys.MAY_SEE, name, open),
                audience(Keys.MAY_KICK, name, Keys.MAY_KICK.byDefault()),
                (int) source.big(
                        Keys.PUBLISHES_PER_MINUTE,
                        Keys.PUBLISHES_PER_MINUTE.of(name),
                        inherited(Keys.PUBLISHES_PER_MINUTE)));
    }

    private Audience audience(Key key, String namespace, String byDefault) {
        return source.choice(key, key.of(namespace), inherited(key, byDefault), Audience.class);
    }

    /** Users' own rooms are of no other kind, whatever {@code default} says. */
    private RoomKind kind(String namespace) {
        boolean own = namespace.equals(USERS);
        String byDefault = own ? Keys.KIND.byDefault() : inherited(Keys.KIND);
        RoomKind kind = source.choice(Keys.KIND, Keys.KIND.of(namespace), byDefault, RoomKind.class);
        if (own && kind != RoomKind.STANDARD) {
            throw new ConfigurationException(
                    Keys.KIND.of(namespace), kind.name().toLowerCase(Locale.ROOT), byDefault);
        }
        return kind;
    }

    private String inherited(Key key) {
        return inherited(key, key.byDefault());
    }

    private String inherited(Key key, String byDefault) {
        return source.text(new Key(key.of("default"), byDefault, key.allowed(), key.purpose()));
    }
}
