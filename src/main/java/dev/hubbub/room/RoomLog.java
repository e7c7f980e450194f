package dev.hubbub.room;

import dev.hubbub.config.NamespacePolicy;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.Encoded;
import dev.hubbub.protocol.HistoryFrames;
import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.TextFrame;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The kept messages of a room, each encoded once into bytes that all subscribers share: text frames one behind the
 * other in segments, and a ring that says where each begins. Bounded by number, bytes and age. Guarded by itself;
 * segments are written behind what was ever handed out, so slices stay good without it.
 */
final class RoomLog {
    private static final int SMALLEST = 512;
    private static final int LARGEST = 64 * 1024;
    /** So many stay for those who are about to be sent them, whatever the policy keeps. */
    private static final int LIVE = 64;

    /** A run of whole frames: {@code count} messages from {@code seq} on. */
    @SuppressWarnings("ArrayRecordComponent") // shared on purpose
    record Slice(byte[] bytes, int offset, int length, long seq, int count) {
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

    @SuppressWarnings("ArrayRecordComponent") // shared on purpose
    private record Entry(
            byte[] segment,
            int start,
            int length,
            long ts,
            @Nullable String conflate,
            @Nullable ConnectionId exclude) {}

    private final NamespacePolicy policy;
    private final LogBudget budget;
    private @Nullable Entry[] ring = {};

    /** Written under the lock. */
    private volatile String epoch = "";

    private byte[] segment = {};
    private int end;
    private long first = 1;
    private long next = 1;
    /** What lies between this and {@code first} was asked for, and is kept nowhere. */
    private long reach;

    private long bytes;
    /** The newest seq that some connection is not sent. */
    private long lastExcluding;
    /** The run last made, and for which length: those that stand at one place share it. */
    private @Nullable Slice latest;

    private int latestMax;

    RoomLog(NamespacePolicy policy, LogBudget budget) {
        this.policy = policy;
        this.budget = budget;
    }

    /** Drops everything: the next message is the one after this place. */
    synchronized void begin(Place place) {
        clear();
        latest = null;
        lastExcluding = 0;
        epoch = place.epoch();
        first = place.seq() + 1;
        next = first;
        reach = first;
    }

    String epoch() {
        return epoch;
    }

    /** Whether {@code seq} is older than all it has, and may be kept elsewhere. */
    synchronized boolean lacks(long seq) {
        return seq < first && seq < reach;
    }

    /**
     * Puts older messages before the oldest, as far as the policy and the budget allow.
     *
     * @param from where they were asked for: what is missing of them is kept nowhere
     * @param older in order and without holes, up to the one before the oldest
     */
    synchronized void prepend(Place from, List<Older> older) {
        if (!from.epoch().equals(epoch)) {
            return;
        }
        reach = Math.min(reach, from.seq());
        int fitting = fitting(older);
        List<Older> some = older.subList(older.size() - fitting, older.size());
        byte[] own = new byte[some.stream().mapToInt(o -> o.frame().length()).sum()];
        int start = own.length;
        for (int i = fitting - 1; i >= 0; i--) {
            Older one = some.get(i);
            Encoded frame = one.frame();
            start -= frame.length();
            System.arraycopy(frame.bytes(), frame.offset(), own, start, frame.length());
            if (next - first == ring.length) {
                grow();
            }
            first--;
            ring[index(first)] = new Entry(own, start, frame.length(), one.ts(), one.conflate(), one.exclude());
            if (one.exclude() != null) {
                lastExcluding = Math.max(lastExcluding, first);
            }
        }
        bytes += own.length;
        budget.add(own.length);
    }

    /** How many of the newest of them may be taken; none where the oldest of its own went meanwhile. */
    private int fitting(List<Older> older) {
        if (older.isEmpty() || older.get(older.size() - 1).seq() + 1 != first) {
            return 0;
        }
        int fitting = 0;
        long size = bytes;
        while (fitting < older.size() && next - first + fitting < Math.max(LIVE, policy.historySize())) {
            size += older.get(older.size() - 1 - fitting).frame().length();
            if (size > policy.historyBytes() || budget.wouldExceed(size - bytes)) {
                break;
            }
            fitting++;
        }
        return fitting;
    }

    synchronized void append(Encoded frame, long ts, @Nullable String conflate, @Nullable ConnectionId exclude) {
        if (segment.length - end < frame.length()) {
            segment = new byte[Math.max(frame.length(), Math.min(LARGEST, Math.max(SMALLEST, segment.length * 2)))];
            end = 0;
        }
        System.arraycopy(frame.bytes(), frame.offset(), segment, end, frame.length());
        if (next - first == ring.length) {
            grow();
        }
        ring[index(next)] = new Entry(segment, end, frame.length(), ts, conflate, exclude);
        end += frame.length();
        if (exclude != null) {
            lastExcluding = next;
        }
        next++;
        bytes += frame.length();
        budget.add(frame.length());
        trim(ts);
        if (budget.isExceeded() && next - first > 1) {
            dropForBudget();
        }
    }

    private int index(long seq) {
        return (int) (seq % ring.length);
    }

    private void grow() {
        @Nullable Entry[] larger = new @Nullable Entry[Math.max(4, ring.length * 2)];
        for (long seq = first; seq < next; seq++) {
            larger[(int) (seq % larger.length)] = ring[index(seq)];
        }
        ring = larger;
    }

    private Entry entry(long seq) {
        Entry entry = ring[index(seq)];
        if (entry == null) {
            throw new IllegalStateException("no entry at " + seq);
        }
        return entry;
    }

    private void dropOldest() {
        int length = entry(first).length;
        ring[index(first)] = null;
        bytes -= length;
        budget.add(-length);
        first++;
    }

    private void trim(long now) {
        while (next - first > Math.max(LIVE, policy.historySize())
                || (bytes > policy.historyBytes() && next - first > 1)) {
            dropOldest();
        }
        expire(now);
    }

    /** Drops what is older than the policy keeps. */
    synchronized void expire(long now) {
        while (first < next && now - entry(first).ts > policy.historyAgeMs()) {
            dropOldest();
        }
    }

    /** Drops the oldest messages until at most so many bytes are left. */
    synchronized void shrinkTo(long most) {
        while (first < next && bytes > most) {
            dropForBudget();
        }
    }

    private void dropForBudget() {
        dropOldest();
        budget.trimmedForBudget();
        reach = first; // who keeps history elsewhere has it still
    }

    /** Drops everything; for a room that ends. */
    synchronized void clear() {
        while (first < next) {
            dropOldest();
        }
    }

    synchronized long bytes() {
        return bytes;
    }

    /** The oldest seq kept; one above the head where nothing is. */
    synchronized long first() {
        return first;
    }

    /** The oldest seq that the policy keeps; one above the head where nothing is. */
    synchronized long firstKept() {
        return Math.max(first, next - policy.historySize());
    }

    /** {@link #firstKept} and {@link #head} of one moment. */
    synchronized Extent extent() {
        return new Extent(firstKept(), place());
    }

    /** As {@link #extent}, with what the policy does not count as kept. */
    synchronized Extent held() {
        return new Extent(first, place());
    }

    private Place place() {
        return new Place(epoch, next - 1);
    }

    /** How many of the messages from {@code from} to {@code to} a connection is not sent. */
    synchronized int excluded(long from, long to, ConnectionId self) {
        int excluded = 0;
        for (long seq = Math.max(from, first); seq <= Math.min(to, lastExcluding); seq++) {
            excluded += self.equals(entry(seq).exclude) ? 1 : 0;
        }
        return excluded;
    }

    /** The seq of the newest message; 0 before the first. */
    synchronized long head() {
        return next - 1;
    }

    /**
     * The messages from {@code from} on as one run: as many as lie together and fit, and none that {@code self} is not
     * sent. Null where there is none, or the epoch is another.
     */
    synchronized @Nullable Slice slice(String of, long from, int most, ConnectionId self) {
        if (from >= next || from < first || !of.equals(epoch)) {
            return null;
        }
        Slice cached = latest;
        boolean shared = from > lastExcluding;
        if (cached != null && shared && cached.seq == from && latestMax == most && cached.nextSeq() == next) {
            return cached;
        }
        Entry start = entry(from);
        if (self.equals(start.exclude)) {
            return new Slice(start.segment, start.start, 0, from, 1);
        }
        int length = start.length;
        long seq = from + 1;
        while (seq < next) {
            Entry entry = entry(seq);
            if (entry.segment != start.segment || length + entry.length > most || self.equals(entry.exclude)) {
                break;
            }
            length += entry.length;
            seq++;
        }
        Slice slice = new Slice(start.segment, start.start, length, from, (int) (seq - from));
        if (shared) {
            latest = slice;
            latestMax = most;
        }
        return slice;
    }

    /** Of the messages from {@code from} on those without a newer value of the same thing, in order. */
    synchronized List<Long> newest(long from) {
        Set<String> seen = new HashSet<>();
        ArrayDeque<Long> newest = new ArrayDeque<>();
        for (long seq = next - 1; seq >= Math.max(from, first); seq--) {
            String name = entry(seq).conflate;
            if (name == null || seen.add(name)) {
                newest.addFirst(seq);
            }
        }
        return List.copyOf(newest);
    }

    /** One message as histories list it; null where it is not kept. */
    synchronized byte @Nullable [] item(String of, long seq) {
        if (seq < first || seq >= next || !of.equals(epoch)) {
            return null;
        }
        Entry entry = entry(seq);
        int payload = TextFrame.payloadLength(entry.segment, entry.start);
        return HistoryFrames.item(entry.segment, entry.start + entry.length - payload, payload);
    }
}
