package dev.hubbub.cluster;

import java.util.Optional;

/** One-time passes for a handshake: 128 bits, good once over the whole cluster, for 60 s. Thread-safe. */
public interface Tickets {
    /** How long a ticket is good, in ms. */
    long LIFE_MS = 60_000;

    /** @param holder what the ticket stands for, given back to whoever takes it */
    String issue(String holder);

    /** Takes a ticket: of several that try, one gets the holder. */
    Optional<String> take(String ticket);

    /**
     * Takes a ticket for an event stream, whose URL a browser repeats: it stays good for that stream's reconnects.
     *
     * @param reconnect the stream was open before
     */
    Optional<String> takeForStream(String ticket, boolean reconnect);
}
