package dev.hubbub.room;

import dev.hubbub.config.NamespacePolicy;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.Encoded;
import dev.hubbub.protocol.Place;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The kept messages of a room in this epoch, each encoded once into bytes that all subscribers share. Bounded by number,
 * bytes and age as the policy says, and by what the node has for all logs. Guarded by itself; slices stay good without
 * it.
 */
final class RoomLog {
    /** So many stay for those who are about to be sent them, whatever the policy keeps. */
    private static final int LIVE = 64;

    /**
     * A run of whole frames: {@code count} messages from {@code seq} on.
     *
     * @param last whether there were none behind it
     */
    @SuppressWarnings("ArrayRecordComponent") // shared on purpose
    record Slice(byte[] bytes, int offset, int length, long seq, int count, boolean last) {
        long nextSeq() {
            return seq + count;
        }
    }

    /** What is kept, from the oldest to the newest; {@code first} is one above the head where nothing is. */
    record Extent(long first, Place head) {}

    /** A message for {@link #prepend}. */
    record Older(
            long seq,
            Encoded frame,
            long ts,
            @Nullable String conflate,
            @Nullable ConnectionId exclude) {}

    private final NamespacePolicy policy;
    private final LogBudget budget;
    private final FrameRing ring = new FrameRing();

    /** Written under the lock. */
    private volatile String epoch = "";

    /** What lies between this and the oldest was asked for, and is kept nowhere. */
    private long reach;
    /** The oldest seq that is kept elsewhere, as was last heard. */
    private long elsewhere;

    private boolean ended;

    RoomLog(NamespacePolicy policy, LogBudget budget) {
        this.policy = policy;
        this.budget = budget;
    }

    /**
     * Drops everything: the next message is the one after this place.
     *
     * @param oldest the oldest seq that is kept elsewhere, as far as is known
     */
    synchronized void begin(Place place, long oldest) {
        clear();
        elsewhere = oldest;
        epoch = place.epoch();
        ring.begin(place.seq() + 1);
        reach = ring.first();
    }

    String epoch() {
        return epoch;
    }

    /** Whether {@code seq} is older than all it has, and may be kept elsewhere. */
    synchronized boolean lacks(long seq) {
        return seq < ring.first() && seq < reach;
    }

    /**
     * Puts older messages before the oldest, as far as the policy and the budget allow.
     *
     * @param from where they were asked for: what is missing of them is kept nowhere
     * @param older in order and without holes, up to the one before the oldest
     */
    synchronized void prepend(Place from, List<Older> older) {
        if (ended || !from.epoch().equals(epoch)) {
            return;
        }
        reach = Math.min(reach, from.seq());
        long oldest = older.isEmpty() ? ring.first() : older.get(0).seq();
        if (oldest > from.seq()) {
            elsewhere = Math.max(elsewhere, oldest);
        }
        long before = ring.bytes();
        try {
            ring.prepend(older.subList(older.size() - fitting(older), older.size()));
        } finally {
            budget.add(ring.bytes() - before);
        }
    }

    /** How many of the newest of them may be taken; none where the oldest of its own went meanwhile. */
    private int fitting(List<Older> older) {
        if (older.isEmpty() || older.get(older.size() - 1).seq() + 1 != ring.first()) {
            return 0;
        }
        int fitting = 0;
        long more = 0;
        while (fitting < older.size() && ring.size() + fitting < most()) {
            more += older.get(older.size() - 1 - fitting).frame().length();
            if (ring.bytes() + more > policy.historyBytes() || budget.wouldExceed(more)) {
                break;
            }
            fitting++;
        }
        return fitting;
    }

    synchronized void append(Encoded frame, long ts, @Nullable String conflate, @Nullable ConnectionId exclude) {
        if (ended) {
            return;
        }
        ring.append(frame, ts, conflate, exclude);
        budget.add(frame.length());
        while (ring.size() > most() || (ring.bytes() > policy.historyBytes() && ring.size() > 1)) {
            dropOldest();
        }
        expire(ts);
        if (budget.isExceeded() && ring.size() > 1) {
            dropForBudget();
        }
    }

    private int most() {
        return Math.max(LIVE, policy.historySize());
    }

    private void dropOldest() {
        budget.add(-ring.dropOldest());
    }

    private void dropForBudget() {
        dropOldest();
        budget.trimmedForBudget();
        reach = ring.first(); // who keeps history elsewhere has it still
    }

    /** Drops what is older than the policy keeps. */
    synchronized void expire(long now) {
        while (ring.size() > 0 && now - ring.oldestTs() > policy.historyAgeMs()) {
            dropOldest();
        }
    }

    /** Drops the oldest messages until at most so many bytes are left. */
    synchronized void shrinkTo(long most) {
        while (ring.size() > 0 && ring.bytes() > most) {
            dropForBudget();
        }
    }

    /** Drops everything for ever, for a room that ends: what comes yet is not kept. */
    synchronized void end() {
        ended = true;
        clear();
    }

    private void clear() {
        while (ring.size() > 0) {
            dropOldest();
        }
    }

    synchronized long bytes() {
        return ring.bytes();
    }

    synchronized boolean isEmpty() {
        return ring.size() == 0;
    }

    /** The oldest seq that the policy keeps; one above the head where nothing is. */
    synchronized long firstKept() {
        return Math.max(ring.first(), ring.next() - policy.historySize());
    }

    /** The oldest seq that can be had, from here or from where histories are kept. */
    synchronized long firstAnywhere() {
        return Math.max(Math.min(firstKept(), elsewhere), ring.next() - policy.historySize());
    }

    /** {@link #firstKept} and {@link #head} of one moment. */
    synchronized Extent extent() {
        return new Extent(firstKept(), place());
    }

    /** As {@link #extent}, with what the policy does not count as kept. */
    synchronized Extent held() {
        return new Extent(ring.first(), place());
    }

    private Place place() {
        return new Place(epoch, head());
    }

    /** The seq of the newest message; 0 before the first. */
    synchronized long head() {
        return ring.next() - 1;
    }

    /** The oldest seq it has that is not older than a time in ms; one above the head where all are. */
    synchronized long firstAt(long time) {
        long seq = ring.next();
        while (seq > ring.first() && ring.ts(seq - 1) >= time) {
            seq--;
        }
        return seq;
    }

    /** How many of the messages from {@code from} to {@code to} a connection is not sent. */
    synchronized int excluded(long from, long to, ConnectionId self) {
        return ring.excluded(from, to, self);
    }

    private boolean has(String of, long seq) {
        return ring.has(seq) && of.equals(epoch);
    }

    /**
     * The messages from {@code from} on as one run: as many as lie together and fit, and none that {@code self} is not
     * sent. Null where there is none, or the epoch is another.
     */
    synchronized @Nullable Slice slice(String of, long from, int most, ConnectionId self) {
        return has(of, from) ? ring.run(from, most, self) : null;
    }

    /** Of the messages from {@code from} on those without a newer value of the same thing, in order. */
    synchronized List<Long> newest(long from) {
        return ring.newest(from);
    }

    /** One message as histories list it; null where it is not kept. */
    synchronized byte @Nullable [] item(String of, long seq) {
        return has(of, seq) ? ring.item(seq) : null;
    }
}
