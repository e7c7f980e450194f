package dev.hubbub.redis;

import dev.hubbub.cluster.ClusterHealth;
import dev.hubbub.protocol.RoomName;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RTopic;
import org.redisson.client.codec.ByteArrayCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One subscription per room that this node is in, shared by all who hear it: each takes the kinds of note that it knows.
 * Notes of a room are told one at a time and in order. Thread-safe.
 */
@Singleton
public class RoomChannels {
    /** Hears the notes of one kind. */
    interface Ear {
        /** @throws Note.Garbage where the note is none of ours */
        void hear(RoomName room, Note note);
    }

    private static final Logger LOG = LoggerFactory.getLogger(RoomChannels.class);

    private final RedisLink link;
    private final ClusterHealth health;
    private final Complaints complaints;
    private final Map<Character, Ear> ears = new ConcurrentHashMap<>();
    private final Map<RoomName, ChannelSubscription> subscriptions = new ConcurrentHashMap<>();
    private final Subscribing subscribing;
    private final List<Consumer<RoomName>> resubscriptions = new CopyOnWriteArrayList<>();
    private volatile Runnable afterwards = () -> {};

    @Inject
    public RoomChannels(RedisLink link, ClusterHealth health, Clock clock) {
        this.link = link;
        this.health = health;
        this.complaints = new Complaints(clock);
        subscribing = new Subscribing(link, health);
    }

    Subscribing subscribing() {
        return subscribing;
    }

    /** Who hears a kind of note. */
    void hear(char kind, Ear ear) {
        ears.put(kind, ear);
    }

    /** What follows when ears have heard something. */
    void afterwards(Runnable task) {
        afterwards = task;
    }

    /** Ears have heard something; the caller holds no lock. */
    void heard() {
        afterwards.run();
    }

    /** Who is told that a room's subscription stands again: what was said meanwhile is missed. */
    void onResubscribe(Consumer<RoomName> listener) {
        resubscriptions.add(listener);
    }

    void resubscribed(RoomName room) {
        resubscriptions.forEach(listener -> listener.accept(room));
    }

    /** Subscribes to a room; whoever could not do it ends the subscription as well. */
    ChannelSubscription open(RoomName room) {
        String channel = Keyspace.channel(room);
        RTopic topic = link.isSharded()
                ? link.client().getShardedTopic(channel, ByteArrayCodec.INSTANCE)
                : link.client().getTopic(channel, ByteArrayCodec.INSTANCE);
        ChannelSubscription subscription = new ChannelSubscription(room, topic, this);
        subscriptions.put(room, subscription);
        return subscription;
    }

    /** Completes once Redis knows. */
    CompletionStage<?> close(RoomName room) {
        ChannelSubscription subscription = subscriptions.get(room);
        return subscription == null ? CompletableFuture.completedFuture(null) : close(room, subscription);
    }

    CompletionStage<?> close(RoomName room, ChannelSubscription subscription) {
        subscriptions.remove(room, subscription);
        return subscription.end();
    }

    void heard(RoomName room, byte[] bytes) {
        try {
            Note note = Note.parse(bytes);
            Ear ear = ears.get(note.kind());
            if (ear == null) {
                throw new Note.Garbage("an unknown kind of note");
            }
            ear.hear(room, note);
            heard();
        } catch (Note.Garbage e) {
            garbage(Keyspace.channel(room), e);
        } catch (RuntimeException e) {
            failed(room, e);
        }
    }

    /** Says why a room is not as Redis has it, but not each time; that Redis is away is said elsewhere. */
    void failed(RoomName room, @Nullable Throwable failure) {
        Throwable cause = failure == null ? null : Failures.cause(failure);
        if (cause instanceof Note.Garbage garbage) {
            garbage(Keyspace.head(room), garbage);
        } else if (cause != null && !Failures.isAway(cause) && complaints.isDue(cause)) {
            LOG.error("{} could not follow Redis; the next failure of this kind is logged in a minute", room, cause);
        }
    }

    /** Counts what is none of ours, and says so, but not each time. */
    void garbage(String where, Note.Garbage what) {
        health.garbage.increment();
        if (complaints.isDue(what)) {
            LOG.warn(
                    "something that is not Hubbub's came under {}: {}; more is counted and not logged",
                    where,
                    what.getMessage());
        }
    }
}
