package dev.hubbub.room;

import dev.hubbub.config.Overflow;
import dev.hubbub.presence.PresenceFeed;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.Encoded;
import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.PresenceMode;
import dev.hubbub.protocol.RoomFrames;
import dev.hubbub.session.Batch;
import dev.hubbub.session.Session;
import dev.hubbub.session.Source;
import org.jspecify.annotations.Nullable;

/**
 * A session in a room: places in its log, its ephemeral messages and its presence, and nothing else. Guarded by itself;
 * the room's lock may be taken within, never the other way round.
 */
public final class RoomSubscription extends Source {
    /** Before every revision: whoever stands there is told that presence began anew. */
    private static final long NO_REV = -1;

    private final Room room;
    private final Session session;
    /** Its place among the room's; guarded by the room. */
    int index;

    /** The seq of the next message that it lacks, in this epoch. */
    private long next;

    private String epoch = "";

    private long nextEphemeral;
    private long rev;
    private PresenceMode mode = PresenceMode.OFF;

    /** Stands in the room's order before everything from {@code next} on. */
    private @Nullable Encoded notice;

    private boolean ended;
    /** A join was just answered: the answer goes first. */
    private boolean answering;

    RoomSubscription(Room room, Session session) {
        this.room = room;
        this.session = session;
    }

    @Override
    public String name() {
        return room.name().value();
    }

    public Room room() {
        return room;
    }

    Session session() {
        return session;
    }

    public synchronized PresenceMode mode() {
        return mode;
    }

    synchronized void mode(PresenceMode mode) {
        this.mode = mode;
    }

    /** The place up to which it was given everything to send. */
    public synchronized Place place() {
        return new Place(epoch, next - 1);
    }

    /** Puts it at a place: it is given everything after that, and before it is told what cannot be given. */
    synchronized void standAt(Standing standing) {
        epoch = standing.head().epoch();
        next = standing.seq() + 1;
        EphemeralRing ring = room.ephemeral();
        nextEphemeral = ring == null ? 0 : ring.next();
        notice = standing.reset() == null ? null : room.reset(place(), standing.reset());
    }

    synchronized void knows(long presenceRev) {
        rev = presenceRev;
    }

    /** An answer is queued before the lock is let go: a batch that was begun without it gets nothing of the room. */
    synchronized void answerFirst() {
        answering = true;
    }

    /** Nothing of the room follows. */
    synchronized void end() {
        ended = true;
    }

    void serve(Batch batch) {
        session.serve(this, batch);
    }

    @Override
    public boolean fill(Batch batch) {
        boolean more;
        boolean tooSlow;
        synchronized (this) {
            if (ended) {
                return false;
            }
            if (answering) {
                answering = false;
                return true;
            }
            tooSlow = room.policy().overflow() == Overflow.DISCONNECT
                    && isPast(room.log().held());
            more = !tooSlow && !fillAll(batch);
        }
        if (tooSlow) {
            session.close(CloseCode.TOO_SLOW, "fell behind what " + name() + " keeps");
        }
        return more;
    }

    /** @return whether everything fitted */
    private boolean fillAll(Batch batch) {
        return fillLog(batch) && fillEphemeral(batch) && fillPresence(batch);
    }

    private boolean fillNotice(Batch batch) {
        Encoded told = notice;
        if (told == null) {
            return true;
        }
        if (!batch.add(told.bytes(), told.offset(), told.length(), this, next - 1)) {
            return false;
        }
        notice = null;
        return true;
    }

    private boolean fillLog(Batch batch) {
        RoomLog log = room.log();
        if (!epoch.equals(log.epoch())) {
            if (!batch.isEmpty()) {
                return false; // a batch is of one epoch
            }
            beginAnew(log.held());
        }
        if (!fillNotice(batch)) {
            return false;
        }
        if (room.policy().overflow() == Overflow.LATEST && session.isLagging() && log.head() > next) {
            return fillLatest(batch, log);
        }
        while (true) {
            RoomLog.Slice slice = log.slice(epoch, next, batch.room(), session.id());
            if (slice == null) {
                RoomLog.Extent held = log.held();
                if (!held.head().epoch().equals(epoch)) {
                    return false; // the numbering began anew just now: the next turn tells it
                }
                if (next > held.head().seq()) {
                    return true;
                }
                if (!isPast(held)) {
                    continue; // it came just now
                }
                if (room.policy().overflow() == Overflow.DISCONNECT) {
                    return false; // trimmed past it just now: the next turn ends the session
                }
                overflow(held);
                if (!fillNotice(batch)) {
                    return false;
                }
                continue;
            }
            if (slice.length() > 0 && !batch.add(slice.bytes(), slice.offset(), slice.length(), this, slice.seq())) {
                return false;
            }
            next = slice.nextSeq();
        }
    }

    /** Whether the log was trimmed past it. */
    private boolean isPast(RoomLog.Extent held) {
        return next < held.first() && held.head().epoch().equals(epoch);
    }

    /** Goes on in another epoch, from the oldest message that it has. */
    private void beginAnew(RoomLog.Extent held) {
        epoch = held.head().epoch();
        next = held.first();
        rev = NO_REV;
        notice = room.reset(place(), "epoch");
    }

    /** It fell off the log's old end: what its namespace says is done, and told. */
    private void overflow(RoomLog.Extent held) {
        long first = held.first();
        long head = held.head().seq();
        if (room.policy().overflow() == Overflow.REPLAY) {
            // what is gone from the log is gone from the history, or does not fit in this node
            next = head + 1;
            notice = room.reset(place(), "trimmed");
            return;
        }
        long to = room.policy().overflow() == Overflow.SKIP ? Math.max(first, head - (head - first) / 2) : first;
        notice = skipped(next, to - 1);
        next = to;
    }

    private Encoded skipped(long from, long to) {
        room.countSkipped(to - from + 1);
        return RoomFrames.skipped(room.name(), epoch, from, to, room.now());
    }

    private boolean fillLatest(Batch batch, RoomLog log) {
        for (long seq : log.newest(next)) {
            if (seq > next) {
                notice = skipped(next, seq - 1);
                next = seq;
            }
            if (!fillNotice(batch)) {
                return false;
            }
            RoomLog.Slice slice = log.slice(epoch, seq, 1, session.id());
            if (slice == null) {
                return false; // trimmed just now: the next turn sees it
            }
            if (slice.length() > 0 && !batch.add(slice.bytes(), slice.offset(), slice.length(), this, seq)) {
                return false;
            }
            next = seq + 1;
        }
        return true;
    }

    private boolean fillEphemeral(Batch batch) {
        EphemeralRing ring = room.ephemeral();
        if (ring == null) {
            return true;
        }
        for (EphemeralRing.Item item = ring.from(nextEphemeral, room.now());
                item != null;
                item = ring.from(nextEphemeral, room.now())) {
            if (!session.id().equals(item.exclude()) && !batch.add(item.frame())) {
                return false;
            }
            nextEphemeral = item.number() + 1;
        }
        return true;
    }

    private boolean fillPresence(Batch batch) {
        PresenceFeed feed = room.presence();
        if (feed == null || mode == PresenceMode.OFF) {
            return true;
        }
        for (PresenceFeed.Step step = feed.next(rev, session.isLagging());
                step != null;
                step = feed.next(rev, session.isLagging())) {
            if (!batch.add(step.frame())) {
                return false;
            }
            rev = step.rev();
        }
        return true;
    }
}
