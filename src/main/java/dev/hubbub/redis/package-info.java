/**
 * The ports of {@code cluster} over Redis: one channel per room, streams for histories, hashes for presence, leases for
 * nodes, and scripts that change a room in one step. Redisson is known here alone. Not here: what is done with a message
 * once it has arrived.
 */
@NullMarked
package dev.hubbub.redis;

import org.jspecify.annotations.NullMarked;
