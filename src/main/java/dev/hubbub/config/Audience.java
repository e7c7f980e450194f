package dev.hubbub.config;

/** Whom a namespace lets do something. */
public enum Audience {
    /** Backends only, as far as their keys go: no token grants it. */
    NOBODY,
    /** The same, for those who rather say it so. */
    BACKEND,
    /** Users whose token grants it. */
    GRANTED,
    /** Users with a token, whatever it grants. */
    USERS,
    /** Anonymous users too. */
    ANYONE
}
