package dev.hubbub.config;

/** Whom a namespace lets do something. */
public enum Audience {
    NOBODY,
    /** Backends only. */
    BACKEND,
    /** Users with credentials, and backends. */
    USERS,
    /** Anonymous users too. */
    ANYONE
}
