package dev.hubbub.cluster;

/** What a node does by itself for what the nodes share, asked by nobody. */
public interface Upkeep {
    /** Begins, once, when the node starts; it goes on in threads of its own. */
    void begin();
}
