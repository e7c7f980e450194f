/**
 * Rooms: membership, the log with its epoch and places, subscriptions as cursors in it, history. A publish goes to the
 * bus, and only what the bus brings back is appended. Not here: who may do what, and which message asked for it.
 */
@NullMarked
package dev.hubbub.room;

import org.jspecify.annotations.NullMarked;
