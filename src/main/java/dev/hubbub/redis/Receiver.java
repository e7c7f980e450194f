package dev.hubbub.redis;

import dev.hubbub.cluster.ClusterHealth;
import dev.hubbub.cluster.Message;
import dev.hubbub.cluster.PresenceState;
import dev.hubbub.cluster.RoomBus;
import dev.hubbub.config.NamespacePolicy;
import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.RoomName;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One room as it comes from Redis. Pub/sub forgets, repeats after a reconnect, and after a failover gives a place twice:
 * a message that is not the next one after the last, by its number and by the id of the one before it, is not taken;
 * instead the room is compared with what Redis keeps, and what is missing is read from there. Guarded by itself; the
 * listener is called under the lock.
 */
final class Receiver {
    private static final String FIRST = "-";

    private final RoomName room;
    private final RoomBus.Listener listener;
    private final Numbering numbering;
    private final RoomChannels channels;
    private final ClusterHealth health;
    private final Rounds comparisons = new Rounds(this::compare);

    private Place last = new Place("none", 0);
    /** The id of the message at {@code last}. */
    private String id = FIRST;

    private boolean begun;
    private volatile boolean ended;
    /** Something came before the room's head did. */
    private boolean missed;
    /** Where this node stood when it asked: messages may come while the answer is on its way. */
    private Place asked = last;

    private String askedId = FIRST;
    private boolean active;
    /** The listener has failed, nobody knows how far it came: it must begin anew, where it was. */
    private boolean spoilt;

    Receiver(
            RoomName room,
            NamespacePolicy policy,
            RoomBus.Listener listener,
            RedisLink link,
            RoomChannels channels,
            ClusterHealth health) {
        this.room = room;
        this.listener = listener;
        this.numbering = new Numbering(room, policy, link);
        this.channels = channels;
        this.health = health;
    }

    /** The room's head when the subscription stood: what comes after it is told. */
    synchronized Place begin(Place place, String lastId, long first, PresenceState presence) {
        last = place;
        id = lastId;
        begun = true;
        listener.onBegin(place, first);
        listener.onPresence(presence);
        if (missed) {
            catchUp();
        }
        return place;
    }

    synchronized void end() {
        ended = true;
    }

    /** Whether anything came since this was last asked. */
    synchronized boolean wasActive() {
        boolean was = active;
        active = false;
        return was;
    }

    /** This node has published a message: one that is not heard here shows that the channel is deaf, and the next pass is to see. */
    synchronized void published(Place place) {
        active |= begun && (!place.epoch().equals(last.epoch()) || place.seq() > last.seq());
    }

    synchronized void onMessage(Note note) {
        active = true;
        Place place = new Place(note.field(0), note.number(1));
        String own = note.field(3);
        if (begun && place.epoch().equals(last.epoch()) && place.seq() == last.seq() && own.equals(id)) {
            return; // a repeat
        }
        if (isNext(place, note.field(4))) {
            take(new Stored(Stored.message(place, note.number(2), note.body()), own, note.field(4)));
        } else {
            catchUp();
        }
    }

    private boolean isNext(Place place, String previous) {
        return begun
                && !ended
                && place.epoch().equals(last.epoch())
                && place.seq() == last.seq() + 1
                && previous.equals(id);
    }

    /** Only what the listener has taken counts: where it fails, for want of memory say, the message is read back. */
    private void take(Stored next) {
        mend();
        spoilt = true;
        listener.onMessage(next.message());
        spoilt = false;
        last = next.message().place();
        id = next.id();
    }

    private void mend() {
        if (spoilt) {
            listener.onBegin(last, 1); // Redis has what is older, as before
            spoilt = false;
        }
    }

    synchronized void onEphemeral(Note note) {
        active = true;
        Message message = Stored.message(new Place(note.field(0), 0), note.number(1), note.body());
        if (begun && !ended) {
            listener.onMessage(message);
        }
    }

    /** Compares the room with what Redis keeps; what fails is done again by the next pass, message or return of Redis. */
    void catchUp() {
        var unused = refresh();
    }

    /** The same, for somebody who waits for it. */
    CompletableFuture<@Nullable Void> refresh() {
        return comparisons.ask().whenComplete((done, failure) -> {
            if (failure != null) {
                stir();
            }
        });
    }

    /** The next pass is to take this room too. */
    private synchronized void stir() {
        active = true;
    }

    private CompletableFuture<Boolean> compare() {
        Place from;
        synchronized (this) {
            if (ended || !begun) {
                missed = true;
                return CompletableFuture.completedFuture(false);
            }
            asked = last;
            askedId = id;
            from = last;
        }
        return numbering
                .after(from, listener.presenceRev(from.epoch()))
                .thenCompose(this::compared)
                .whenComplete((more, failure) -> channels.failed(room, failure));
    }

    private CompletableFuture<Boolean> compared(List<Object> reply) {
        CompletableFuture<Boolean> more = ended ? CompletableFuture.completedFuture(false) : goOn(compare(reply));
        channels.heard();
        return more;
    }

    /** What a comparison has led to. */
    private enum Found {
        ALL,
        MORE,
        NOTHING,
        FORK
    }

    private CompletableFuture<Boolean> goOn(Found found) {
        return switch (found) {
            case ALL -> CompletableFuture.completedFuture(false);
            case MORE -> CompletableFuture.completedFuture(true);
            case NOTHING -> numbering.open();
            case FORK -> fork();
        };
    }

    private synchronized Found compare(List<Object> reply) {
        if (reply.isEmpty()) {
            return Found.NOTHING; // Redis has lost it
        }
        Comparison redis = Comparison.of(reply, garbage -> channels.garbage(Keyspace.log(room), garbage));
        Place head = redis.head();
        if (!head.epoch().equals(last.epoch())) {
            restart(new Place(head.epoch(), 0), FIRST);
        } else if (redis.isFork(asked, askedId)) {
            return Found.FORK;
        }
        mend();
        listener.onPresence(redis.presence());
        for (Stored next : redis.after()) {
            if (next.seq() <= last.seq()) {
                continue; // it came on the channel meanwhile
            }
            if (next.seq() > last.seq() + 1) {
                restart(new Place(head.epoch(), next.seq() - 1), next.previous()); // those between are kept no longer
            } else if (!next.previous().equals(id)) {
                return Found.FORK;
            }
            health.filled.increment();
            active = true;
            take(next);
        }
        if (redis.after().isEmpty() && head.seq() > last.seq()) {
            restart(head, redis.headId()); // none is kept
        }
        return head.seq() > last.seq() ? Found.MORE : Found.ALL;
    }

    private void restart(Place place, String lastId) {
        last = place;
        id = lastId;
        spoilt = true;
        listener.onBegin(place, place.seq() + 1);
        spoilt = false;
    }

    private CompletableFuture<Boolean> fork() {
        health.renewed.increment();
        String over;
        synchronized (this) {
            over = last.epoch();
        }
        return numbering.beginAnew(over);
    }
}
