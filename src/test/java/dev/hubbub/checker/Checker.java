package dev.hubbub.checker;

import dev.hubbub.checker.Finding.Kind;
import dev.hubbub.protocol.Place;
import java.util.ArrayList;
import java.util.List;

/**
 * Judges a history by the promise: each listener was given every message after the place where it joined, in order and
 * once, or was told that it was not; what was acknowledged was delivered; and in the end nothing is missing.
 */
final class Checker {
    private Checker() {}

    /** Everything that is wrong; empty where the promise was kept. */
    static List<Finding> check(History history) {
        List<Finding> findings = new ArrayList<>();
        history.odd().forEach(text -> findings.add(new Finding(Kind.ODD, "-", "-", text)));
        for (Journey journey : history.journeys()) {
            Walk walk = new Walk(journey, history);
            findings.addAll(walk.findings());
            findings.addAll(end(walk, history));
            history.acknowledged().stream()
                    .filter(a -> a.room().equals(journey.room()) && isLost(a, walk.segments()))
                    .forEach(a -> findings.add(
                            new Finding(Kind.LOST, a.room(), journey.listener(), a.payload() + " at " + a.place())));
        }
        history.last().keySet().forEach(room -> findings.addAll(new Ledger(history, room).findings()));
        return findings;
    }

    private static List<Finding> end(Walk walk, History history) {
        String room = walk.journey().room();
        Place last = history.last().get(room);
        List<Segment> segments = walk.segments();
        Place end =
                segments.isEmpty() ? null : segments.get(segments.size() - 1).place();
        boolean there = end != null && end.epoch().equals(last.epoch()) && end.seq() >= last.seq();
        return there
                ? List.of()
                : List.of(new Finding(
                        Kind.UNFINISHED, room, walk.journey().listener(), "is at " + end + ", the last is " + last));
    }

    /**
     * Whether a listener ought to have it and has not. It is excused where the message stands before its join, in a gap
     * that a reset has told it of, or in an epoch that it was never in: it came later, or a reset led past it.
     */
    private static boolean isLost(Acknowledged message, List<Segment> segments) {
        long seq = message.place().seq();
        Segment nearest = null;
        for (Segment segment : segments) {
            if (segment.epoch().equals(message.place().epoch())) {
                if (segment.spans(seq)) {
                    return !segment.has(seq);
                }
                nearest = segment;
            }
        }
        boolean isLive = nearest != null && nearest == segments.get(segments.size() - 1);
        return isLive && seq > nearest.end();
    }
}
