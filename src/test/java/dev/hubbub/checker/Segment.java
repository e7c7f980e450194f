package dev.hubbub.checker;

import dev.hubbub.protocol.Place;
import java.util.HashMap;
import java.util.Map;

/** A stretch of one epoch of which a listener was told everything: from its join or a reset to the next reset. */
final class Segment {
    private final Place start;
    private final Map<Long, String> payloads = new HashMap<>();
    private long end;

    Segment(Place start) {
        this.start = start;
        this.end = start.seq();
    }

    String epoch() {
        return start.epoch();
    }

    /** What comes after this is part of it. */
    long start() {
        return start.seq();
    }

    /** The last seq that is part of it. */
    long end() {
        return end;
    }

    Place place() {
        return new Place(epoch(), end);
    }

    void add(long seq, String payload) {
        payloads.putIfAbsent(seq, payload);
        end = Math.max(end, seq);
    }

    /** What was left out for a slow connection, and told. */
    void skip(long from, long to) {
        for (long seq = from; seq <= to; seq++) {
            payloads.putIfAbsent(seq, null);
        }
        end = Math.max(end, to);
    }

    boolean spans(long seq) {
        return seq > start.seq() && seq <= end;
    }

    boolean has(long seq) {
        return payloads.containsKey(seq);
    }
}
