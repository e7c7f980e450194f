package dev.hubbub.session;

import dev.hubbub.protocol.Encoded;
import org.jspecify.annotations.Nullable;

/**
 * What a session sends in one write: runs of text frames, shared bytes that nobody copies. Small runs gather; a large
 * one goes alone, so that what a slow connection holds on to is a piece of the shared log and no copy of its own.
 * Belongs to one delivery loop, which uses it again and again.
 */
public final class Batch {
    /** Up to so many bytes are copied together rather than written one by one. */
    public static final int GATHERED = 4096;

    private static final int MOST_RUNS = 64;

    private final int largest;
    private final byte[][] bytes = new byte[MOST_RUNS][];
    private final int[] offsets = new int[MOST_RUNS];
    private final int[] lengths = new int[MOST_RUNS];
    private final long[] seqs = new long[MOST_RUNS];
    private final @Nullable Source[] sources = new @Nullable Source[MOST_RUNS];
    private int runs;
    private int size;

    /** @param largest most bytes in one batch */
    public Batch(int largest) {
        this.largest = largest;
    }

    void clear() {
        for (int i = 0; i < runs; i++) {
            bytes[i] = EMPTY;
            sources[i] = null;
        }
        runs = 0;
        size = 0;
    }

    private static final byte[] EMPTY = {};

    /** How long a run may be that is added next; 0 where the batch is full. */
    public int room() {
        return runs == 0 ? largest : runs == MOST_RUNS ? 0 : Math.max(0, GATHERED - size);
    }

    /** Adds one message that moves no place; false where it does not fit, and must wait for the next batch. */
    public boolean add(Encoded message) {
        return add(message.bytes(), message.offset(), message.length(), null, 0);
    }

    /**
     * Adds a run of whole frames.
     *
     * @param source whose place they move; null for none
     * @param seq the place after the first frame; each further one moves it by one
     */
    public boolean add(byte[] in, int offset, int length, @Nullable Source source, long seq) {
        if (runs > 0 && (runs == MOST_RUNS || size + length > GATHERED)) {
            return false;
        }
        bytes[runs] = in;
        offsets[runs] = offset;
        lengths[runs] = length;
        sources[runs] = source;
        seqs[runs] = seq;
        runs++;
        size += length;
        return true;
    }

    public boolean isEmpty() {
        return runs == 0;
    }

    public int runs() {
        return runs;
    }

    /** All bytes. */
    public int size() {
        return size;
    }

    public byte[] bytes(int run) {
        return bytes[run];
    }

    public int offset(int run) {
        return offsets[run];
    }

    public int length(int run) {
        return lengths[run];
    }

    public long seq(int run) {
        return seqs[run];
    }

    public @Nullable Source source(int run) {
        return sources[run];
    }

    /** All runs in one array, copied. */
    public byte[] copy() {
        byte[] all = new byte[size];
        int at = 0;
        for (int i = 0; i < runs; i++) {
            System.arraycopy(bytes[i], offsets[i], all, at, lengths[i]);
            at += lengths[i];
        }
        return all;
    }
}
