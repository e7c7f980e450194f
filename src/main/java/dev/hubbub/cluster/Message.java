package dev.hubbub.cluster;

import dev.hubbub.protocol.Body;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.Sender;
import org.jspecify.annotations.Nullable;

/**
 * A message as the bus delivers it, to every node in the same order.
 *
 * @param place its place; seq 0 for an ephemeral one
 * @param ts the bus's time, in ms since the epoch
 * @param exclude the connection that is not sent it
 */
public record Message(
        Place place,
        long ts,
        Body body,
        Sender from,
        @Nullable ConnectionId exclude) {}
