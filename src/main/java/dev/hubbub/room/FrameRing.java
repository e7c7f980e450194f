package dev.hubbub.room;

import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.Encoded;
import dev.hubbub.protocol.HistoryFrames;
import dev.hubbub.protocol.TextFrame;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The frames of a run of seqs, each at a place of its own: their bytes one behind the other in segments, and a ring that
 * says where each begins. It grows as it must; what it holds at most is up to its log. Guarded by the log; segments are
 * written behind what was ever handed out, so slices stay good without it.
 */
final class FrameRing {
    private static final int SMALLEST = 512;
    private static final int LARGEST = 64 * 1024;
    /** Shared by all that are empty: most are, for every user has a room. */
    private static final Entry[] NO_ENTRIES = {};

    private static final byte[] NO_BYTES = {};

    @SuppressWarnings("ArrayRecordComponent") // shared on purpose
    private record Entry(
            byte[] segment,
            int start,
            int length,
            long ts,
            @Nullable String conflate,
            @Nullable ConnectionId exclude) {}

    private @Nullable Entry[] ring = NO_ENTRIES;
    private byte[] segment = NO_BYTES;
    private int end;
    private long first = 1;
    private long next = 1;
    private long bytes;
    /** The newest seq that some connection is not sent. */
    private long lastExcluding;
    /** The run last made, and for which length: those that stand at one place share it. */
    private RoomLog.@Nullable Slice latest;

    private int latestMax;

    /** The oldest seq; the next one where it is empty. */
    long first() {
        return first;
    }

    /** The seq that the next message gets. */
    long next() {
        return next;
    }

    long size() {
        return next - first;
    }

    long bytes() {
        return bytes;
    }

    boolean has(long seq) {
        return seq >= first && seq < next;
    }

    /** When the oldest was published, in ms. */
    long oldestTs() {
        return ts(first);
    }

    /** When one that it has was published, in ms. */
    long ts(long seq) {
        return entry(seq).ts;
    }

    /** Goes on with another seq; for an empty one alone. */
    void begin(long seq) {
        first = seq;
        next = seq;
        lastExcluding = 0;
        latest = null;
    }

    void append(Encoded frame, long ts, @Nullable String conflate, @Nullable ConnectionId exclude) {
        if (segment.length - end < frame.length()) {
            segment = new byte[Math.max(frame.length(), Math.min(LARGEST, Math.max(SMALLEST, segment.length * 2)))];
            end = 0;
        }
        System.arraycopy(frame.bytes(), frame.offset(), segment, end, frame.length());
        if (size() == ring.length) {
            grow();
        }
        ring[index(next)] = new Entry(segment, end, frame.length(), ts, conflate, exclude);
        end += frame.length();
        if (exclude != null) {
            lastExcluding = next;
        }
        next++;
        bytes += frame.length();
    }

    /** Puts messages before the oldest, in a segment of their own; they are in order and end right before it. */
    void prepend(List<RoomLog.Older> older) {
        byte[] own = new byte[older.stream().mapToInt(o -> o.frame().length()).sum()];
        int start = own.length;
        for (int i = older.size() - 1; i >= 0; i--) {
            RoomLog.Older one = older.get(i);
            Encoded frame = one.frame();
            start -= frame.length();
            System.arraycopy(frame.bytes(), frame.offset(), own, start, frame.length());
            if (size() == ring.length) {
                grow();
            }
            Entry entry = new Entry(own, start, frame.length(), one.ts(), one.conflate(), one.exclude());
            first--; // only now: whatever lacks memory leaves no place empty
            ring[index(first)] = entry;
            bytes += frame.length();
            if (one.exclude() != null) {
                lastExcluding = Math.max(lastExcluding, first);
            }
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

    /** @return how many bytes it had */
    int dropOldest() {
        int length = entry(first).length;
        ring[index(first)] = null;
        bytes -= length;
        first++;
        return length;
    }

    /** The messages from one that it has on: as many as lie together and fit, and none that {@code self} is not sent. */
    RoomLog.Slice run(long from, int most, ConnectionId self) {
        if (from <= lastExcluding) {
            return newRun(from, most, self);
        }
        RoomLog.Slice shared = latest;
        if (shared == null || shared.seq() != from || latestMax != most || shared.nextSeq() != next) {
            shared = newRun(from, most, self);
            latest = shared;
            latestMax = most;
        }
        return shared;
    }

    private RoomLog.Slice newRun(long from, int most, ConnectionId self) {
        Entry start = entry(from);
        if (self.equals(start.exclude)) {
            return new RoomLog.Slice(start.segment, start.start, 0, from, 1, from + 1 == next);
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
        return new RoomLog.Slice(start.segment, start.start, length, from, (int) (seq - from), seq == next);
    }

    /** How many of the messages from {@code from} to {@code to} a connection is not sent. */
    int excluded(long from, long to, ConnectionId self) {
        int excluded = 0;
        for (long seq = Math.max(from, first); seq <= Math.min(to, lastExcluding); seq++) {
            excluded += self.equals(entry(seq).exclude) ? 1 : 0;
        }
        return excluded;
    }

    /** Of the messages from {@code from} on those without a newer value of the same thing, in order. */
    List<Long> newest(long from) {
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

    /** A message that it has as histories list it. */
    byte[] item(long seq) {
        Entry entry = entry(seq);
        int payload = TextFrame.payloadLength(entry.segment, entry.start);
        return HistoryFrames.item(entry.segment, entry.start + entry.length - payload, payload);
    }
}
