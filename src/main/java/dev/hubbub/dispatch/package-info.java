/**
 * Turns each message of a client into one call on a room, after asking whether it may; the only place that does, for
 * every transport. Not here: frames, sockets, and what a room does.
 */
@NullMarked
package dev.hubbub.dispatch;

import org.jspecify.annotations.NullMarked;
