/**
 * Server-sent events: a stream of rooms over one HTTP response, its framing and its cursor. Not here: what goes into
 * the stream.
 */
@NullMarked
package dev.hubbub.sse;

import org.jspecify.annotations.NullMarked;
