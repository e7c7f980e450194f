package dev.hubbub.protocol;

import org.jspecify.annotations.Nullable;

/**
 * A user in a room.
 *
 * @param since when the user came, in ms since the epoch
 * @param conns connections of the user in the room; 0 during the grace period
 */
public record Member(UserId user, @Nullable String name, RawJson status, long since, int conns) {
    /** The status of a member that has set none. */
    public static final RawJson NO_STATUS = RawJson.ofValid("{}");
}
