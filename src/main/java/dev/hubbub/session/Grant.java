package dev.hubbub.session;

/**
 * What credentials are good for, and how long.
 *
 * @param expiresAt in ms since the epoch; 0 for never
 * @param issuedAt in ms since the epoch; 0 where nobody knows, which is before everything
 */
public record Grant(long expiresAt, long issuedAt, Rights rights) {
    /** Of those without credentials of a time and rights of their own. */
    public static final Grant NONE = new Grant(0, 0, Rights.NONE);
    /** Of those who may do everything. */
    public static final Grant ALL = new Grant(0, 0, Rights.ALL);
}
