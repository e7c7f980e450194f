package dev.hubbub.redis;

import dev.hubbub.cluster.Publication;
import dev.hubbub.cluster.PublishOutcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What this node publishes to one room: at most one batch is under way, so that Redis gets them in order, and what comes
 * meanwhile goes with the next. Guarded by itself.
 */
final class PublishQueue {
    /** Messages in one batch; a script that runs for long holds up all others. */
    private static final int MOST = 64;
    /** Bytes of payload in one batch. */
    private static final int MOST_BYTES = 256 * 1024;

    /** @param master that it waits for */
    record Queued(Publication publication, Master master, CompletableFuture<PublishOutcome> outcome) {}

    private final ArrayDeque<Queued> waiting = new ArrayDeque<>(2);
    private boolean underWay;
    private boolean ended;

    /** Adds one; false where this queue has ended and another must be made. */
    synchronized boolean add(Queued one) {
        if (!ended) {
            waiting.add(one);
        }
        return !ended;
    }

    /** The next batch, which is then under way; empty where one is, or nothing waits. */
    synchronized List<Queued> take() {
        List<Queued> batch = new ArrayList<>();
        if (underWay) {
            return batch;
        }
        int bytes = 0;
        while (!waiting.isEmpty() && batch.size() < MOST && bytes < MOST_BYTES) {
            Queued one = waiting.remove();
            bytes += one.publication.body().payload().length();
            batch.add(one);
        }
        underWay = !batch.isEmpty();
        return batch;
    }

    /** The batch under way is over. */
    synchronized void done() {
        underWay = false;
    }

    /** Ends it where nothing is in it. */
    synchronized boolean endIfIdle() {
        ended = !underWay && waiting.isEmpty();
        return ended;
    }
}
