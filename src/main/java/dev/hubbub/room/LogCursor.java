package dev.hubbub.room;

import dev.hubbub.config.Overflow;
import dev.hubbub.protocol.Encoded;
import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.RoomFrames;
import dev.hubbub.session.Batch;
import dev.hubbub.session.Session;
import dev.hubbub.session.Source;
import org.jspecify.annotations.Nullable;

/**
 * A place in a room's log, and what a session is given from there on: the messages and, in their order, notices of what it
 * is not given. Whoever falls behind goes on as the namespace's policy says. Guarded by itself; the log's lock may be
 * taken within, never the other way round.
 */
abstract class LogCursor extends Source {
    final Room room;
    final Session session;

    /** The seq of the next message that it lacks, in this epoch. */
    private long next;

    private String epoch = "";

    /** Stands in the room's order before everything from {@code next} on. */
    private @Nullable Encoded notice;

    LogCursor(Room room, Session session) {
        this.room = room;
        this.session = session;
    }

    /** The place up to which it was given everything to send. */
    public synchronized Place place() {
        return new Place(epoch, next - 1);
    }

    /**
     * Puts it at a place.
     *
     * @param reset why what was asked for cannot be given, which it is told first; null where it can
     */
    void moveTo(String epoch, long next, @Nullable String reset) {
        this.epoch = epoch;
        this.next = next;
        notice = reset == null ? null : reset(reset);
    }

    private Encoded reset(String reason) {
        room.rooms().countReset();
        return RoomFrames.reset(room.name(), place(), reason, room.now());
    }

    /** What it is told before anything else of the room, at the place where it stands. */
    synchronized void tellFirst(Encoded frame) {
        notice = frame;
    }

    /** Another epoch has begun, and it goes on in that. */
    abstract void epochBegan();

    /** Whether it fell off the log's old end, and its session ends with that. */
    boolean isTooSlow() {
        return overflow() == Overflow.DISCONNECT && isPast(room.log().held());
    }

    private Overflow overflow() {
        return room.policy().overflow();
    }

    /** Whether the log was trimmed past it. */
    private boolean isPast(RoomLog.Extent held) {
        return next < held.first() && held.head().epoch().equals(epoch);
    }

    /** @return whether everything fitted that the log has */
    boolean fillLog(Batch batch) {
        RoomLog log = room.log();
        if (!fillNotice(batch)) {
            return false;
        }
        if (!epoch.equals(log.epoch())) {
            if (!batch.isEmpty()) {
                return false; // a batch is of one epoch
            }
            RoomLog.Extent held = log.held();
            moveTo(held.head().epoch(), held.first(), "epoch");
            epochBegan();
        }
        if (!fillNotice(batch)) {
            return false;
        }
        boolean conflates = overflow() == Overflow.LATEST && session.isLagging() && log.head() > next;
        return conflates ? fillNewest(batch, log) : fillAll(batch, log);
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

    private boolean give(Batch batch, RoomLog.Slice slice) {
        if (slice.length() > 0 && !batch.add(slice.bytes(), slice.offset(), slice.length(), this, slice.seq())) {
            return false;
        }
        next = slice.nextSeq();
        return true;
    }

    private boolean fillAll(Batch batch, RoomLog log) {
        while (true) {
            RoomLog.Slice slice = log.slice(epoch, next, batch.room(), session.id());
            if (slice != null) {
                if (!give(batch, slice)) {
                    return false;
                }
                if (slice.last()) {
                    return true; // whoever appends behind it wakes the fan-outs
                }
                continue;
            }
            RoomLog.Extent held = log.held();
            if (!held.head().epoch().equals(epoch)) {
                return false; // the numbering began anew just now: the next turn tells it
            }
            if (next > held.head().seq()) {
                return true;
            }
            // else it came just now, or the log was trimmed past it
            if (isPast(held) && !(goOn(held) && fillNotice(batch))) {
                return false;
            }
        }
    }

    /** The log was trimmed past it: goes on where its namespace says. False where the next turn ends the session. */
    private boolean goOn(RoomLog.Extent held) {
        long first = held.first();
        long head = held.head().seq();
        switch (overflow()) {
            // what is gone from the log is gone from the history, or does not fit in this node
            case REPLAY -> moveTo(epoch, head + 1, "trimmed");
            case SKIP -> skipTo(Math.max(first, head - (head - first) / 2));
            case LATEST -> skipTo(first);
            case DISCONNECT -> {
                return false;
            }
        }
        return true;
    }

    private void skipTo(long seq) {
        room.rooms().countSkipped(seq - next);
        notice = RoomFrames.skipped(room.name(), epoch, next, seq - 1, room.now());
        next = seq;
    }

    /** Of what it lacks, only the newest of each thing. */
    private boolean fillNewest(Batch batch, RoomLog log) {
        for (long seq : log.newest(next)) {
            if (seq > next) {
                skipTo(seq);
            }
            if (!fillNotice(batch)) {
                return false;
            }
            RoomLog.Slice slice = log.slice(epoch, seq, 1, session.id());
            if (slice == null || !give(batch, slice)) {
                return false; // it is full; or trimmed just now, and the next turn sees it
            }
        }
        return true;
    }
}
