package dev.hubbub.room;

import dev.hubbub.cluster.Message;
import dev.hubbub.cluster.PresenceChange;
import dev.hubbub.cluster.RoomBus;
import dev.hubbub.config.NamespacePolicy;
import dev.hubbub.presence.PresenceFeed;
import dev.hubbub.protocol.Encoded;
import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.RoomFrames;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A room as this node has it: its log and who is subscribed. Appending wakes the loops that have subscribers and writes
 * to nobody. Fields are guarded by this where nothing else is said.
 */
public final class Room implements RoomBus.Listener {
    private final RoomName name;
    private final NamespacePolicy policy;
    private final Rooms rooms;
    private final RoomLog log;
    private final RoomBus bus;
    /** Null where nobody has asked for older messages yet. */
    private @Nullable Backfill backfill;
    /** Null once the bus delivers to it. */
    private volatile @Nullable CompletableFuture<Room> attaching = new CompletableFuture<>();

    private volatile @Nullable EphemeralRing ephemeral;
    private volatile @Nullable PresenceFeed presence;

    /** One for each loop that has had subscribers; sizes are read without the lock as estimates. */
    private final @Nullable Subscribers[] subscribers;

    private final @Nullable Fanout[] fanouts;
    private int connections;
    private boolean ended;
    private volatile long usedAt;

    Room(RoomName name, NamespacePolicy policy, Rooms rooms, RoomBus bus, LogBudget budget, int loops) {
        this.name = name;
        this.policy = policy;
        this.rooms = rooms;
        this.log = new RoomLog(policy, budget);
        this.bus = bus;
        this.subscribers = new @Nullable Subscribers[loops];
        this.fanouts = new @Nullable Fanout[loops];
        this.usedAt = rooms.now();
    }

    @Override
    public void onBegin(Place place) {
        boolean anew = !place.epoch().equals(log.epoch());
        log.begin(place);
        PresenceFeed feed = presence;
        if (anew && feed != null) {
            feed.begin(now());
        }
        wake();
    }

    /** Completes with the room once the bus delivers to it. */
    CompletableFuture<Room> attached() {
        CompletableFuture<Room> waiting = attaching;
        return waiting == null ? CompletableFuture.completedFuture(this) : waiting;
    }

    /** @param failure why the bus does not deliver to it: then it takes nobody */
    void attached(@Nullable Throwable failure) {
        CompletableFuture<Room> waiting = attached();
        if (failure == null) {
            attaching = null;
            waiting.complete(this);
        } else {
            synchronized (this) {
                ended = true;
            }
            waiting.completeExceptionally(failure);
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
    public synchronized int connections() {
        return connections;
    }

    Encoded reset(Place place, String reason) {
        rooms.countReset();
        return RoomFrames.reset(name, place, reason, now());
    }

    void countSkipped(long messages) {
        rooms.countSkipped(messages);
    }

    private Encoded encoded(Message message) {
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
        wake();
    }

    @Override
    public void onRemove(UserId user, String reason) {
        rooms.onRemove(this, user, reason);
    }

    /**
     * Has the log reach back to {@code place} where it can: one read of the shared history at a time, which serves all
     * who wait for it.
     */
    CompletionStage<@Nullable Void> reach(Place place) {
        boolean needless = !bus.keepsHistory() || !place.epoch().equals(log.epoch()) || !log.lacks(place.seq());
        return needless ? CompletableFuture.completedFuture(null) : backfill().reach(place.seq());
    }

    private synchronized Backfill backfill() {
        Backfill own = backfill;
        if (own == null) {
            own = new Backfill(this, bus);
            backfill = own;
        }
        return own;
    }

    void prepend(Place from, List<Message> older) {
        log.prepend(
                from,
                older.stream()
                        .map(m -> new RoomLog.Older(
                                m.place().seq(), encoded(m), m.ts(), m.body().conflate(), m.exclude()))
                        .toList());
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
            wake();
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

    /** Puts the room in line at every loop that has subscribers of it. */
    private void wake() {
        for (int loop = 0; loop < fanouts.length; loop++) {
            Fanout fanout = walkable(loop);
            if (fanout != null) {
                rooms.loop(loop).add(fanout);
            }
        }
    }

    private synchronized @Nullable Fanout walkable(int loop) {
        Subscribers own = subscribers[loop];
        if (own == null || own.size() == 0) {
            return null;
        }
        Fanout fanout = fanouts[loop];
        if (fanout == null) {
            fanout = new Fanout(this, loop);
            fanouts[loop] = fanout;
        }
        fanout.again = true;
        return fanout;
    }

    /** An estimate, without a lock. */
    int subscribers(int loop) {
        Subscribers own = subscribers[loop];
        return own == null ? 0 : own.size();
    }

    /** Begins a walk over the loop's subscribers: everything appended before is seen by it. */
    synchronized int startWalk(Fanout fanout, int loop) {
        fanout.again = false;
        return subscribers(loop);
    }

    synchronized boolean needsWalk(Fanout fanout) {
        return fanout.again;
    }

    synchronized List<RoomSubscription> below(int loop, int before, int most) {
        Subscribers own = subscribers[loop];
        return own == null ? List.of() : own.below(before, most);
    }

    /** Adds a subscription; false where the room has ended meanwhile, and another must be asked for. */
    synchronized boolean add(RoomSubscription subscription) {
        if (ended) {
            return false;
        }
        int loop = subscription.session().loop();
        Subscribers own = subscribers[loop];
        if (own == null) {
            own = new Subscribers();
            subscribers[loop] = own;
        }
        own.add(subscription);
        connections++;
        return true;
    }

    synchronized void remove(RoomSubscription subscription) {
        Objects.requireNonNull(subscribers[subscription.session().loop()]).remove(subscription);
        connections--;
        usedAt = now();
    }

    /** All subscriptions, as they are now. */
    synchronized List<RoomSubscription> subscriptions() {
        List<RoomSubscription> all = new ArrayList<>(connections);
        for (Subscribers own : subscribers) {
            if (own != null) {
                all.addAll(own.below(own.size(), own.size()));
            }
        }
        return all;
    }

    /** Once a second. Returns whether subscribers were put in line. */
    boolean tick(long now) {
        log.expire(now);
        PresenceFeed feed = presence;
        if (feed != null && feed.tick(now)) {
            wake();
            return true;
        }
        return false;
    }

    /**
     * Ends it where nobody is in it and it was not used for a while; then it takes nobody. Where the bus keeps no history
     * a room that has one stays.
     */
    synchronized boolean endIfUnused(long now, long lingerMs, boolean keptElsewhere) {
        boolean needed = connections > 0 || !(keptElsewhere || log.firstKept() > log.head());
        ended = ended || (!needed && now - usedAt > lingerMs);
        if (ended) {
            log.clear();
        }
        return ended;
    }
}
