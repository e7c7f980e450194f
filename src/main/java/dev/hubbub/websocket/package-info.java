/**
 * The WebSocket endpoints: what goes before the upgrade, frames in, frames out. Not here: what a message means.
 */
@NullMarked
package dev.hubbub.websocket;

import org.jspecify.annotations.NullMarked;
