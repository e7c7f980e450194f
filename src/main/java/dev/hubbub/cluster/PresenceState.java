package dev.hubbub.cluster;

/**
 * Where a room's presence stands, as whoever keeps it says.
 *
 * @param epoch the room's, to which the revision belongs
 * @param rev the latest revision
 * @param count members at that revision
 */
public record PresenceState(String epoch, long rev, int count) {}
