/**
 * What operators see and need: the start with its banner, the clock's tick, health, metrics, JMX. Not here: anything
 * that serves clients.
 */
@NullMarked
package dev.hubbub.ops;

import org.jspecify.annotations.NullMarked;
