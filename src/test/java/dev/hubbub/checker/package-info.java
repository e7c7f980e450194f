/**
 * The promise on many nodes, in the manner of Jepsen: clients publish and listen and write down what they are told, a
 * nemesis harms nodes, connections and Redis meanwhile, and afterwards a checker, a pure function, judges what was
 * written down. Not here: what one node alone promises (the room's tests), and what happens to presence.
 */
package dev.hubbub.checker;
