package dev.hubbub.redis;

import dev.hubbub.cluster.ClusterHealth;
import dev.hubbub.cluster.Message;
import dev.hubbub.cluster.Publication;
import dev.hubbub.cluster.PublishOutcome;
import dev.hubbub.cluster.RoomBus;
import dev.hubbub.cluster.Unavailable;
import dev.hubbub.config.NamespacePolicy;
import dev.hubbub.config.RoomKind;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.RoomName;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Rooms over Redis: a stream and a head keep each, a channel carries it. Thread-safe; never blocks. */
@Singleton
public class RedisRoomBus implements RoomBus {
    private static final Logger LOG = LoggerFactory.getLogger(RedisRoomBus.class);
    /** So many are kept of each room, whatever its policy: nodes read back from them what they missed. */
    static final int LIVE = 64;
    /** How long a room's keys outlive its messages, in ms: longer than the passes that refresh them. */
    private static final long LINGER_MS = 15 * 60_000;
    /** Messages that one script reads. */
    private static final int PAGE = 256;
    /** How often rooms with traffic are compared with Redis, in ms. */
    private static final long PASS_MS = 25_000;
    /** A room without traffic is compared once in so long, in ms, or twice in the life of its keys. */
    private static final long QUIET_MS = 3_600_000;

    /** Rooms that are compared at once. */
    private static final int ABREAST = 64;

    private static final Script OPEN = Script.of("open");
    private static final Script READ = Script.of("read");
    private static final Script END = Script.of("room-end");

    private final RedisLink link;
    private final RoomChannels channels;
    private final Publisher publisher;
    private final ClusterHealth health;
    private final Settings settings;
    private final ConcurrentHashMap<RoomName, Receiver> receivers = new ConcurrentHashMap<>();
    /** Of the link's thread. */
    private int pass;

    @Inject
    public RedisRoomBus(
            RedisLink link, RoomChannels channels, Publisher publisher, ClusterHealth health, Settings settings) {
        this.link = link;
        this.channels = channels;
        this.publisher = publisher;
        this.health = health;
        this.settings = settings;
        channels.hear('m', (room, note) -> to(room, receiver -> receiver.onMessage(note)));
        channels.hear('e', (room, note) -> to(room, receiver -> receiver.onEphemeral(note)));
        channels.hear('f', (room, note) -> to(room, Receiver::catchUp));
        channels.onResubscribe(room -> to(room, Receiver::catchUp));
        link.onReturn(() -> catchUp(List.copyOf(receivers.values())));
        link.every(PASS_MS, this::pass);
    }

    /** How long a room's keys live without use, in ms. */
    static long lifeMs(NamespacePolicy policy) {
        return policy.historyAgeMs() + LINGER_MS;
    }

    private NamespacePolicy policy(RoomName room) {
        return settings.namespacePolicy(room.namespace());
    }

    private void to(RoomName room, Consumer<Receiver> task) {
        Receiver receiver = receivers.get(room);
        if (receiver != null) {
            task.accept(receiver);
        }
    }

    /**
     * A message or a subscription may be lost in silence: each room is compared now and then, and its keys live on. Rooms
     * without traffic take turns, so that an idle connection costs nothing to speak of. Each as long as its own Redis is
     * there, whatever becomes of the one that has what all nodes share.
     */
    final void pass() {
        pass++;
        catchUp(receivers.entrySet().stream()
                .filter(one -> link.isHere(Keyspace.channel(one.getKey())))
                .filter(one -> one.getValue().wasActive() || isItsTurn(one.getKey()))
                .map(Map.Entry::getValue)
                .toList());
    }

    /** Whether a room is compared in this pass though nothing came. */
    private boolean isItsTurn(RoomName room) {
        int turns = turns(policy(room));
        return pass % turns == Math.floorMod(room.hashCode(), turns);
    }

    /** Some at once: all would be a flood of what all have missed. */
    private void catchUp(List<Receiver> some) {
        var unused = Abreast.each(link, some, ABREAST, Receiver::refresh);
    }

    /** Every how many passes a room without traffic has its turn. */
    static int turns(NamespacePolicy policy) {
        return (int) (Math.min(QUIET_MS, lifeMs(policy) / 2) / PASS_MS);
    }

    @Override
    public CompletionStage<Place> attach(RoomName room, Listener listener) {
        if (!link.isHere(Keyspace.channel(room))) {
            return CompletableFuture.failedFuture(Unavailable.away());
        }
        Receiver receiver = new Receiver(room, policy(room), listener, link, channels, health);
        receivers.put(room, receiver);
        ChannelSubscription subscription = channels.open(room);
        return link.orUnavailable(subscription
                .stands()
                .thenCompose(stands -> link.run(
                        OPEN,
                        Keyspace.open(room),
                        Ids.epoch(),
                        lifeMs(policy(room)),
                        endsWithItsLastMember(room) ? link.publishCommand() : ""))
                .thenApply(head -> receiver.begin(
                        new Place(RedisLink.text(head.get(0)), Note.number(RedisLink.text(head.get(1)))),
                        RedisLink.text(head.get(2)),
                        Note.number(RedisLink.text(head.get(4))),
                        Comparison.presence(RedisLink.text(head.get(0)), head)))
                .whenComplete((place, failure) -> {
                    if (failure != null) {
                        receivers.remove(room, receiver);
                        var unused = channels.close(room, subscription);
                    }
                }));
    }

    @Override
    public void afterwards(Runnable task) {
        channels.afterwards(task);
    }

    @Override
    public long aheadMs() {
        return link.aheadMs();
    }

    @Override
    public void detach(RoomName room) {
        Receiver receiver = receivers.remove(room);
        if (receiver != null) {
            receiver.end();
        }
        CompletionStage<?> closed = channels.close(room);
        if (endsWithItsLastMember(room)) {
            var unused = closed.thenCompose(done -> link.run(END, Keyspace.open(room), link.publishCommand()))
                    .whenComplete((done, failure) -> {
                        if (failure != null) {
                            LOG.debug("{} was not ended; whoever comes next begins it anew", room, failure);
                        }
                    });
        }
    }

    private boolean endsWithItsLastMember(RoomName room) {
        return policy(room).kind() == RoomKind.EPHEMERAL;
    }

    @Override
    public CompletionStage<?> refresh(RoomName room) {
        Receiver receiver = receivers.get(room);
        return receiver == null ? CompletableFuture.completedFuture(true) : link.orUnavailable(receiver.refresh());
    }

    @Override
    public boolean keepsHistory() {
        return true;
    }

    @Override
    public CompletionStage<PublishOutcome> publish(RoomName room, Publication publication) {
        return publisher.publish(room, publication).whenComplete((outcome, failure) -> {
            if (outcome instanceof PublishOutcome.Accepted accepted) {
                to(room, receiver -> receiver.published(accepted.place()));
            }
        });
    }

    @Override
    public CompletionStage<List<Message>> read(RoomName room, Place from, long before) {
        ArrayList<Message> newestFirst = new ArrayList<>();
        return link.orUnavailable(
                page(room, from, before - 1, newestFirst, policy(room).historyBytes())
                        .thenApply(done -> {
                            Collections.reverse(newestFirst);
                            return List.<Message>copyOf(newestFirst);
                        }));
    }

    /** Reads backwards as far as what is asked for, is kept, and fits a node's log. */
    private CompletableFuture<@Nullable Void> page(
            RoomName room, Place from, long last, List<Message> newestFirst, long bytesLeft) {
        if (last < from.seq() || bytesLeft <= 0) {
            return CompletableFuture.completedFuture(null);
        }
        return link.run(
                        READ,
                        List.of(Keyspace.head(room), Keyspace.log(room)),
                        from.epoch(),
                        from.seq(),
                        last,
                        PAGE,
                        policy(room).historyAgeMs())
                .thenCompose(reply -> {
                    long left = bytesLeft;
                    long expected = last;
                    for (Stored stored : Stored.list(
                            from.epoch(), reply, 0, garbage -> channels.garbage(Keyspace.log(room), garbage))) {
                        if (stored.seq() != expected) {
                            return CompletableFuture.completedFuture(null); // what lies before a hole is no use
                        }
                        newestFirst.add(stored.message());
                        left -= stored.message().body().payload().length();
                        expected--;
                    }
                    return last - expected < PAGE
                            ? CompletableFuture.completedFuture(null)
                            : page(room, from, expected, newestFirst, left);
                });
    }
}
