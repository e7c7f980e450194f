package dev.hubbub.session;

import org.jspecify.annotations.Nullable;

/**
 * What credentials are good for, and how long.
 *
 * @param expiresAt in ms since the epoch; 0 for never
 * @param issuedAt in ms since the epoch; 0 where nobody knows, which is before everything
 * @param key what names a backend's key, and its secret, without telling it; of an anonymous user the address, where that
 *     counts; null for all others
 */
public record Grant(
        long expiresAt,
        long issuedAt,
        Rights rights,
        @Nullable String key) {
    /** Of those without credentials of a time and rights of their own. */
    public static final Grant NONE = new Grant(0, 0, Rights.NONE);
    /** Of those who may do everything. */
    public static final Grant ALL = new Grant(0, 0, Rights.ALL);

    /** By no key. */
    public Grant(long expiresAt, long issuedAt, Rights rights) {
        this(expiresAt, issuedAt, rights, null);
    }
}
