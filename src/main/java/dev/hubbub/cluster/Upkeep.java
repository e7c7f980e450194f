package dev.hubbub.cluster;

/** What a node does by itself for what the nodes share, asked by nobody. */
public interface Upkeep {
    /** Begins, once, when the node starts; it goes on in threads of its own. */
    default void begin() {}

    /** The node ends in order, and its connections are gone already: what others should know at once is told now. */
    default void end() {}
}
