package dev.hubbub.cluster;

import dev.hubbub.protocol.Member;

/**
 * One change of who is in a room.
 *
 * @param epoch the room's, to which the revision belongs
 * @param rev the room's revision that this change made
 * @param count members after it
 * @param lastSeen when a user that left was last connected, in ms; else 0
 * @param ts when it happened, in ms since the epoch
 */
public record PresenceChange(Kind kind, String epoch, long rev, int count, Member member, long lastSeen, long ts) {
    public enum Kind {
        JOINED,
        LEFT,
        UPDATED
    }
}
