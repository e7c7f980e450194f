package dev.hubbub.room;

import dev.hubbub.cluster.Message;
import dev.hubbub.cluster.PresenceChange;
import dev.hubbub.cluster.PresenceState;
import dev.hubbub.cluster.RoomBus;
import dev.hubbub.config.NamespacePolicy;
import dev.hubbub.presence.PresenceFeed;
import dev.hubbub.protocol.Encoded;
import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.RoomFrames;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.session.DeliveryLoops;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A room as this node has it: its log, who is subscribed, and whether it still takes somebody. Appending wakes the loops
 * that have subscribers and writes to nobody. Fields are guarded by this where nothing else is said; the fan-outs' and the
 * log's locks may be taken within. It is longer than most, since each user has one: what is in an object of its own takes
 * more of every connection.
 */
public final class Room implements RoomBus.Listener {
    private final RoomName name;
    private final NamespacePolicy policy;
    private final Rooms rooms;
    private final RoomLog log;
    private final Fanouts fanouts;
    /** Null where nobody has asked for older messages yet. */
    private @Nullable Backfill backfill;
    /** Who waits for the bus to deliver to it; null once it does. */
    private volatile @Nullable Attachment attaching = new Attachment();

    private volatile @Nullable EphemeralRing ephemeral;
    private volatile @Nullable PresenceFeed presence;

    private boolean ended;
    private volatile long usedAt;
    /** When it could end at the earliest, as was found when that was last asked. */
    private volatile long restsUntil;

    Room(RoomName name, NamespacePolicy policy, Rooms rooms, LogBudget budget, DeliveryLoops loops) {
        this.name = name;
        this.policy = policy;
        this.rooms = rooms;
        this.log = new RoomLog(policy, budget);
        this.fanouts = new Fanouts(loops);
        this.usedAt = rooms.now();
    }

    @Override
    public void onBegin(Place place, long first) {
        PresenceFeed feed = presence;
        if (feed != null && !place.epoch().equals(log.epoch())) {
            feed.begin(place.epoch());
        }
        log.begin(place, first);
        fanouts.wake();
    }

    /** Completes with the room once the bus delivers to it; those who wait go on in the order of their calls. */
    CompletableFuture<Room> attached() {
        Attachment waiting = attaching;
        CompletableFuture<Room> own = waiting == null ? null : waiting.enter();
        return own == null ? CompletableFuture.completedFuture(this) : own;
    }

    /** @param failure why the bus does not deliver to it: then it takes nobody */
    void attached(@Nullable Throwable failure) {
        if (failure != null) {
            synchronized (this) {
                ended = true;
            }
        }
        Attachment waiting = attaching;
        if (waiting != null) {
            waiting.end(this, failure);
            attaching = null;
        }
    }

    public RoomName name() {
        return name;
    }

    NamespacePolicy policy() {
        return policy;
    }

    RoomLog log() {
        return log;
    }

    public String epoch() {
        return log.epoch();
    }

    /** The place after the newest message. */
    public Place head() {
        return log.extent().head();
    }

    /** The oldest seq kept; one above the head where nothing is. */
    public long first() {
        return log.firstKept();
    }

    @Nullable
    EphemeralRing ephemeral() {
        return ephemeral;
    }

    @Nullable
    PresenceFeed presence() {
        return presence;
    }

    long now() {
        return rooms.now();
    }

    /** Subscriptions on this node. */
    public int connections() {
        return fanouts.count();
    }

    Rooms rooms() {
        return rooms;
    }

    Encoded encoded(Message message) {
        return RoomFrames.published(name, message.place(), message.ts(), message.body(), message.from());
    }

    @Override
    public void onMessage(Message message) {
        Encoded frame = encoded(message);
        usedAt = message.ts();
        if (message.body().ephemeral()) {
            ring().add(frame, message.ts(), message.exclude());
        } else {
            log.append(frame, message.ts(), message.body().conflate(), message.exclude());
        }
        fanouts.wake();
    }

    /** Has the log reach {@code place} where it can. */
    CompletionStage<@Nullable Void> reach(Place place) {
        return Backfill.reach(this, rooms.bus(), place);
    }

    synchronized Backfill backfill() {
        Backfill own = backfill;
        if (own == null) {
            own = new Backfill(this, rooms.bus());
            backfill = own;
        }
        return own;
    }

    private synchronized EphemeralRing ring() {
        EphemeralRing ring = ephemeral;
        if (ring == null) {
            ring = new EphemeralRing();
            ephemeral = ring;
        }
        return ring;
    }

    void onPresence(PresenceChange change) {
        if (feed().add(change)) {
            fanouts.wake();
        }
    }

    @Override
    public long presenceRev(String epoch) {
        PresenceFeed feed = presence;
        return feed == null ? 0 : feed.heard(epoch);
    }

    @Override
    public void onPresence(PresenceState state) {
        if (rooms.hasPresence(name) && feed().compare(state, now())) {
            fanouts.wake();
        }
    }

    private synchronized PresenceFeed feed() {
        PresenceFeed feed = presence;
        if (feed == null) {
            feed = new PresenceFeed(name, rooms.settings().presence);
            presence = feed;
        }
        return feed;
    }

    /** Adds a subscription; false where the room has ended meanwhile, and another must be asked for. */
    synchronized boolean add(RoomSubscription subscription) {
        if (ended) {
            return false;
        }
        fanouts.add(subscription);
        return true;
    }

    synchronized void remove(RoomSubscription subscription) {
        fanouts.remove(subscription);
        usedAt = now();
        restsUntil = 0; // the clock may have gone back since that was found
    }

    /** All subscriptions, as they are now. */
    List<RoomSubscription> subscriptions() {
        return fanouts.subscriptions();
    }

    /**
     * Whether a tick may leave it out: it has neither messages that grow old nor presence, and could not end yet. Most
     * rooms of most nodes are a user's own, in which nothing happens.
     */
    boolean rests(long now) {
        return now <= restsUntil && presence == null && log.isEmpty();
    }

    /** Once a second; whoever has something to be told is put in line. */
    void tick(long now) {
        log.expire(now);
        PresenceFeed feed = presence;
        if (feed != null && feed.tick(now)) {
            fanouts.wake();
        }
    }

    /** Has its presence compared with what the bus keeps where it is in doubt, and says whether it was. */
    boolean compareIfDoubtful(long now) {
        PresenceFeed feed = presence;
        boolean doubtful = feed != null && feed.isDoubtful(now);
        if (doubtful) {
            var unused = rooms.bus().refresh(name);
        }
        return doubtful;
    }

    /**
     * Ends it where no connection is in it and it was not used for a while; then it takes nobody.
     *
     * @param stays it has something that is nowhere else
     */
    synchronized boolean endIfUnused(long now, long lingerMs, boolean stays) {
        boolean occupied = connections() > 0;
        boolean needed = attaching != null || occupied || stays;
        ended = ended || (!needed && now - usedAt > lingerMs);
        restsUntil = (occupied ? now : usedAt) + lingerMs;
        if (ended) {
            log.end();
        }
        return ended;
    }
}
