package dev.hubbub.cluster;

import dev.hubbub.protocol.Body;
import dev.hubbub.protocol.Sender;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way into a room.
 *
 * @param key the publisher's idempotency key, scoped to room and sender; of a backend it has its API key's name in it
 * @param echo whether the sending connection is sent it too
 */
public record Publication(Body body, Sender from, @Nullable String key, boolean echo) {}
