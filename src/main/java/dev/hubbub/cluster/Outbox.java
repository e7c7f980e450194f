package dev.hubbub.cluster;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * What is on its way out to somebody who is no node, in the order in which each node said it. All nodes fill it and one at
 * a time empties it; what a dead node had put in it another one sends. It is bounded: what finds no place is lost, and
 * counted. Something may be sent twice, where a node dies between its sending and {@link #remove}. Thread-safe.
 */
public interface Outbox {
    /**
     * @param place where it lies; only its outbox knows how to read that
     * @param at when it was put in, in ms
     */
    record Item(String place, long at, String text) {}

    /**
     * The oldest items.
     *
     * @param lost how many were lost since somebody was last told
     * @param mark which losses these are; only its outbox knows how to read that
     */
    record Batch(List<Item> items, long lost, long mark) {
        public static final Batch NONE = new Batch(List.of(), 0, 0);

        public Batch {
            items = List.copyOf(items);
        }

        /** Its first items alone. */
        public Batch first(int count) {
            return new Batch(items.subList(0, count), lost, mark);
        }
    }

    /** Puts something in; neither waits nor throws. */
    void add(String text);

    /**
     * The oldest items, where this node is the one that sends; it then is for {@code holdMs} more, in which others get none.
     * Fails with {@link Unavailable} where it cannot be known.
     */
    CompletionStage<Batch> next(int most, long holdMs);

    /** These were taken, and the losses told. */
    CompletionStage<?> remove(Batch batch);

    /** These are given up: they are lost. */
    CompletionStage<?> giveUp(Batch batch);

    /** How many were lost on this node, or given up by it. */
    long lost();

    /** Completes when everything that was added so far lies where other nodes find it, or cannot. Others may send now. */
    CompletionStage<?> handOver();
}
