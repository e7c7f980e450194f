package dev.hubbub.checker;

import dev.hubbub.checker.Finding.Kind;
import dev.hubbub.protocol.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Follows one journey as a client follows a room, and notes where it was not led as the protocol says. */
final class Walk {
    /** The reason of a reset before which the connection broke off. */
    private static final String UNKNOWN = "a reset that did not arrive";

    private final Journey journey;
    private final History history;
    private final boolean losses;
    private final int kept;
    private final List<Segment> segments = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();
    /** Null before the first join. */
    private Segment now;
    /** It was told that it is not recovered, and the reset that says why has not come. */
    private boolean resetIsDue;
    /** Where it was before its last join. */
    private Place before;

    Walk(Journey journey, History history) {
        this.journey = journey;
        this.history = history;
        this.losses = history.losses() > 0;
        this.kept = history.kept().getOrDefault(journey.room(), Integer.MAX_VALUE);
        journey.told().forEach(this::step);
        if (resetIsDue) {
            find(Kind.UNTOLD, "recovered:false, and no reset after it");
        }
    }

    Journey journey() {
        return journey;
    }

    List<Segment> segments() {
        return segments;
    }

    List<Finding> findings() {
        return findings;
    }

    private void find(Kind kind, String text) {
        findings.add(new Finding(kind, journey.room(), journey.listener(), text));
    }

    private void begin(Place place) {
        now = new Segment(place);
        segments.add(now);
    }

    private void step(Told told) {
        if (told instanceof Told.Joined joined) {
            joined(joined);
        } else if (now == null) {
            find(Kind.ODD, told + " before the first join");
        } else if (told instanceof Told.Published published) {
            published(published);
        } else if (told instanceof Told.Reset reset) {
            reset(reset);
        } else if (told instanceof Told.Skipped skipped) {
            skipped(skipped);
        }
    }

    private void joined(Told.Joined joined) {
        if (resetIsDue) {
            judge(UNKNOWN, before, Long.MAX_VALUE); // recovered:false has said it
        }
        resetIsDue = Boolean.FALSE.equals(joined.recovered());
        if (joined.since() == null) {
            if (now != null) {
                find(Kind.ODD, "the listener asked for no place though it had one");
            }
            before = joined.place();
            begin(joined.place());
            return;
        }
        if (now == null) {
            begin(joined.since()); // it has the place from elsewhere
        } else if (!joined.since().equals(now.place())) {
            find(Kind.ODD, "the listener asked for " + joined.since() + " and was at " + now.place());
        }
        before = joined.since();
        if (joined.recovered() == null) {
            find(Kind.UNTOLD, "resumed at " + before + ", and not told whether it is recovered");
        } else if (resetIsDue) {
            begin(joined.place());
        } else if (!joined.head().epoch().equals(before.epoch())
                || joined.head().seq() - joined.replayed() != before.seq()) {
            find(Kind.HOLE, "recovered from " + before + ", but " + joined);
        }
    }

    private void published(Told.Published published) {
        Place place = published.place();
        if (resetIsDue) {
            find(Kind.UNTOLD, place + " came where a reset was due");
            resetIsDue = false;
        }
        if (!place.epoch().equals(now.epoch())) {
            find(Kind.UNTOLD, place + " came after " + now.place() + " without a reset");
            begin(new Place(place.epoch(), place.seq() - 1));
        } else if (place.seq() > now.end() + 1) {
            find(Kind.HOLE, place + " came after " + now.place());
        } else if (place.seq() <= now.end()) {
            find(Kind.REPEAT, place + " came after " + now.place());
        }
        now.add(place.seq(), published.payload());
    }

    private void reset(Told.Reset reset) {
        Place from = resetIsDue ? before : now.place();
        resetIsDue = false;
        begin(reset.place());
        judge(reset.reason(), from, reset.at());
    }

    /** A reset has a cause: Redis has lost something, or the room kept what it leads past no longer when it was told. */
    private void judge(String reason, Place from, long at) {
        Place to = now.place();
        boolean trimmed = Set.of("trimmed", UNKNOWN).contains(reason)
                && to.epoch().equals(from.epoch())
                && (to.seq() - from.seq() >= kept || isGone(to, at));
        if ((losses && !reason.equals("cursor")) || trimmed) {
            return;
        }
        find(Kind.NEEDLESS, reason + " moved it from " + from + " to " + to);
    }

    /** Whether the room had as many messages after this one as it keeps. */
    private boolean isGone(Place place, long at) {
        return history.acknowledged().stream()
                .anyMatch(a -> a.room().equals(journey.room())
                        && a.place().epoch().equals(place.epoch())
                        && a.place().seq() - place.seq() >= kept
                        && a.sentAt() - at < 0);
    }

    private void skipped(Told.Skipped skipped) {
        if (!skipped.epoch().equals(now.epoch()) || skipped.from() != now.end() + 1 || skipped.to() < skipped.from()) {
            find(Kind.HOLE, skipped + " came after " + now.place());
            return;
        }
        now.skip(skipped.from(), skipped.to());
    }
}
