package dev.hubbub.presence;

import dev.hubbub.cluster.PresenceChange;
import dev.hubbub.cluster.PresenceChange.Kind;
import dev.hubbub.cluster.PresenceState;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.Encoded;
import dev.hubbub.protocol.Member;
import dev.hubbub.protocol.PresenceFrames;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The latest presence changes of one room. A subscriber holds a revision and is told the way from it to the present,
 * encoded once for all that stand at the same one. Changes may be lost on the way here: then whoever stands before them is
 * told so, at the latest when the room is compared with whoever keeps it. Guarded by itself.
 */
public final class PresenceFeed {
    private static final int KEPT = 512;
    private static final long KEPT_MS = 30_000;
    /** For so long a change may be under way, in ms. */
    private static final long UNDER_WAY_MS = 1_000;

    /** What to send, and the revision that it leads to. */
    public record Step(Encoded frame, long rev) {}

    private final RoomName room;
    private final Settings.Presence settings;
    private final ArrayDeque<PresenceChange> changes = new ArrayDeque<>(4);
    /** To which the revisions belong; empty before the first. */
    private String epoch = "";
    /** The one before: its last changes may come later than the first of this one. */
    private String former = "";
    /** Whether it is known how many members there are in the epoch: until then nothing is told. */
    private boolean known;
    /** The newest revision that subscribers may be told; behind {@code rev} while a large room's changes gather. */
    private long told;
    /** Members at {@code told}. */
    private int toldCount;

    private long rev;
    private int count;
    /** Since when there are no changes before those that are kept, in ms since 1970. */
    private long begunAt;
    /** What whoever keeps the room had when it was compared; above {@code rev} it is lost, or under way. */
    private long seen;

    private long seenAt;
    /** A revision that was heard of was given again, to another change: those since are lost where they are kept. */
    private boolean twice;

    private @Nullable Step last;
    private long lastFrom = -1;
    private boolean lastTogether;

    public PresenceFeed(RoomName room, Settings.Presence settings) {
        this.room = room;
        this.settings = settings;
    }

    /** @return whether subscribers are to be told now, rather than at the next {@link #tick} */
    public synchronized boolean add(PresenceChange change) {
        if (change.epoch().equals(former)) {
            return false;
        }
        begin(change.epoch());
        if (change.rev() <= rev) {
            twice |= changes.stream().anyMatch(kept -> kept.rev() == change.rev() && !kept.equals(change));
            return false; // a repeat
        }
        if (change.rev() != rev + 1) {
            changes.clear(); // some were lost on the way: whoever stands before them is told so
            twice = false;
        } else if (changes.size() == KEPT) {
            changes.poll();
        }
        changes.add(change);
        rev = change.rev();
        count = change.count();
        if (count > settings.coalesceOver()) {
            return false;
        }
        tell();
        return true;
    }

    private void tell() {
        told = rev;
        toldCount = count;
        known = true;
    }

    /** Revisions begin anew, unless they have in this epoch: nothing is told before it is known how many members there are. */
    public synchronized void begin(String begun) {
        if (!begun.equals(epoch)) {
            former = epoch;
            epoch = begun;
            known = false;
            stand(0, 0);
        }
    }

    /** It begins behind a revision, with no change before it. */
    private void stand(long at, int members) {
        changes.clear();
        last = null;
        rev = at;
        count = members;
        told = at;
        toldCount = members;
        seen = at;
        twice = false;
    }

    /** The latest revision heard of in an epoch; one that nobody has where the latest was given twice. */
    public synchronized long heard(String of) {
        return !of.equals(epoch) ? 0 : twice ? rev + 1 : rev;
    }

    /**
     * Compares it with what whoever keeps the room has. Where that is ahead, and still is when what was under way must have
     * come, changes are lost: whoever stands before them is told so.
     *
     * @return whether subscribers are to be told now
     */
    public synchronized boolean compare(PresenceState kept, long now) {
        begin(kept.epoch());
        boolean first = !known && rev == 0;
        boolean lost = seen > rev && now - seenAt >= UNDER_WAY_MS;
        if (first || (lost && kept.rev() > rev)) {
            stand(kept.rev(), kept.count());
            tell();
            begunAt = now;
            return true;
        }
        if (kept.rev() <= rev) {
            seen = rev;
        } else if (seen <= rev) {
            seen = kept.rev();
            seenAt = now;
        }
        return false;
    }

    /** Whether it is to be compared once more: what should have come meanwhile has not. */
    public synchronized boolean isDoubtful(long now) {
        return twice || (seen > rev && now - seenAt >= UNDER_WAY_MS);
    }

    /** Once a second: lets out what has gathered, forgets what is old. Returns whether anything is to be told. */
    public synchronized boolean tick(long now) {
        while (changes.size() > 1 && now - changes.getFirst().ts() > KEPT_MS) {
            changes.poll();
        }
        boolean behind = told < rev;
        if (behind) {
            tell();
        }
        return behind;
    }

    /**
     * The next thing to tell a subscriber that knows everything up to {@code from}; null where it knows all.
     *
     * @param lagging the subscriber takes less than it is sent: it is told together what it missed
     */
    public synchronized @Nullable Step next(long from, boolean lagging) {
        if (!known || from >= told) {
            return null;
        }
        boolean together = lagging || count > settings.coalesceOver() || told - from > 32;
        Step cached = last;
        if (cached != null && lastFrom == from && lastTogether == together && (!together || cached.rev() == told)) {
            return cached;
        }
        Step step = make(from, together);
        last = step;
        lastFrom = from;
        lastTogether = together;
        return step;
    }

    private Step make(long from, boolean together) {
        PresenceChange newest = changes.peekLast();
        if (newest == null || from + 1 < changes.getFirst().rev()) {
            long ts = newest == null ? begunAt : newest.ts();
            return new Step(PresenceFrames.reset(room, told, toldCount, ts), told);
        }
        if (!together) {
            for (PresenceChange change : changes) {
                if (change.rev() == from + 1) {
                    return new Step(single(change), change.rev());
                }
            }
        }
        return new Step(together(from, newest.ts()), told);
    }

    private Encoded single(PresenceChange change) {
        String type = change.kind() == Kind.JOINED ? "joined" : change.kind() == Kind.LEFT ? "left" : "updated";
        return PresenceFrames.one(
                type, room, change.rev(), change.count(), change.member(), change.lastSeen(), change.ts());
    }

    /** A user's way through the changes told together: where it began and where it ended. */
    private record Way(Kind first, PresenceChange last) {}

    private Encoded together(long from, long ts) {
        if (count > settings.countOver()) {
            return PresenceFrames.count(room, from, told, count, ts);
        }
        List<Member> joined = new ArrayList<>();
        List<UserId> left = new ArrayList<>();
        List<Member> updated = new ArrayList<>();
        for (Way way : ways(from).values()) {
            Member member = way.last.member();
            boolean was = way.first != Kind.JOINED;
            boolean is = way.last.kind() != Kind.LEFT;
            if (was && is) {
                updated.add(member);
            } else if (is) {
                joined.add(member);
            } else if (was) {
                left.add(member.user());
            }
        }
        return PresenceFrames.changed(room, from, told, toldCount, joined, left, updated, ts);
    }

    private Map<UserId, Way> ways(long from) {
        Map<UserId, Way> ways = new LinkedHashMap<>();
        for (PresenceChange change : changes) {
            if (change.rev() > from && change.rev() <= told) {
                ways.merge(
                        change.member().user(),
                        new Way(change.kind(), change),
                        (before, now) -> new Way(before.first, now.last));
            }
        }
        return ways;
    }
}
