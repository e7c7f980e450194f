package dev.hubbub.cluster;

import java.util.concurrent.CompletionStage;

/**
 * How often something is done, over all nodes: of each name a bucket that holds a minute's worth and fills evenly, so
 * that all of it may come at once, and then one each 60/n s. Thread-safe; never blocks.
 */
public interface Rates {
    /**
     * Takes one. Completes with 0, or with how many ms to wait where there is none, and then nothing was taken; fails
     * with {@link Unavailable}.
     *
     * @param perMinute how many there may be, at least 1
     */
    CompletionStage<Long> take(String name, int perMinute);
}
