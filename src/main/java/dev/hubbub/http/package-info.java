/**
 * The HTTP API for backends, and for clients that listen by SSE and write by HTTP: requests in, JSON out, refusals as
 * problems. Not here: what a room does with a message.
 */
@NullMarked
package dev.hubbub.http;

import org.jspecify.annotations.NullMarked;
