/**
 * The words on the wire: names and ids, client messages and their strict decoder, the encoder of everything that the
 * server says, error and close codes. Not here: what is done about a message, and how bytes reach a socket.
 */
@NullMarked
package dev.hubbub.protocol;

import org.jspecify.annotations.NullMarked;
