/**
 * What operators see and need: the start with its banner, the drain and the leave that is taken at the end, the clock's tick, health,
 * metrics, JMX, and what this node has for those who ask all. Not here: anything that serves clients.
 */
@NullMarked
package dev.hubbub.ops;

import org.jspecify.annotations.NullMarked;
