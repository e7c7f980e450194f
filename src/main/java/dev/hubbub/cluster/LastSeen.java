package dev.hubbub.cluster;

import dev.hubbub.protocol.UserId;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/**
 * When users were last connected, kept for {@code hubbub.presence.last-seen}. It is written when a connection ends, and
 * so tells nothing of users who are online. Thread-safe; never blocks.
 */
public interface LastSeen {
    /** A connection of this user has ended now. Many are told together; what cannot be told at once is told later. */
    void gone(UserId user);

    /**
     * When the user's latest connection ended, in ms since the epoch; empty where that is not known, or not any more. Fails
     * with {@link Unavailable} where it cannot be looked up.
     */
    CompletionStage<OptionalLong> find(UserId user);
}
