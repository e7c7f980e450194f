package dev.hubbub.room;

import dev.hubbub.presence.PresenceFeed;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.PresenceMode;
import dev.hubbub.session.Batch;
import dev.hubbub.session.Session;

/**
 * A session in a room: its cursor in the log, its places in the ephemeral messages and in the presence, and nothing else.
 * Guarded by itself; the room's lock may be taken within, never the other way round.
 */
public final class RoomSubscription extends LogCursor {
    /** Before every revision: whoever stands there is told that presence began anew. */
    private static final long NO_REV = -1;

    /** Its place among its fan-out's; guarded as they are. */
    int index;

    private long nextEphemeral;
    private long rev;
    private PresenceMode mode = PresenceMode.OFF;

    private boolean ended;
    /** A join was just answered: the answer goes first. */
    private boolean answering;

    RoomSubscription(Room room, Session session) {
        super(room, session);
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

    /** Puts it at a place: it is given everything after that, and before it is told what cannot be given. */
    synchronized void standAt(Standing standing) {
        moveTo(standing.head().epoch(), standing.seq() + 1, standing.reset());
        EphemeralRing ring = room.ephemeral();
        nextEphemeral = ring == null ? 0 : ring.next();
    }

    @Override
    void epochBegan() {
        rev = NO_REV;
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
            tooSlow = isTooSlow();
            more = !tooSlow && !(fillLog(batch) && fillEphemeral(batch) && fillPresence(batch));
        }
        if (tooSlow) {
            session.close(CloseCode.TOO_SLOW, "fell behind what " + name() + " keeps");
        }
        return more;
    }

    /** @return whether everything fitted, as {@link #fillPresence} does */
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
