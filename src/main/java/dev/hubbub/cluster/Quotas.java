package dev.hubbub.cluster;

/** Counted places, such as a user's connections over all nodes. What a node took ends with it. Thread-safe. */
public interface Quotas {
    /** Takes a place of {@code name}; false where {@code limit} are taken already. */
    boolean take(String name, int limit);

    /** Gives back a place that was taken. */
    void giveBack(String name);
}
