package dev.hubbub.redis;

import dev.hubbub.cluster.ClusterHealth;
import dev.hubbub.cluster.Unavailable;
import dev.hubbub.protocol.RoomName;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * When subscriptions are begun and ended: some at once, of each Redis for itself, and not before it has answered. The driver
 * does it under one of fifty locks that all masters share, and holds it for seconds where there is no answer. Thread-safe.
 */
final class Subscribing {
    /** How often it is looked who waits too long, in ms. */
    private static final long LOOK_MS = 1_000;

    private record Ending(
            RoomName room, Supplier<CompletionStage<Void>> task, CompletableFuture<@Nullable Void> ended) {}

    private final RedisLink link;
    private final ClusterHealth health;
    /** Rooms that are subscribed to, or are to be, or not yet no longer. */
    private final AtomicLong rooms = new AtomicLong();

    /** What waits for its Redis to be there. */
    private final Queue<Ending> overdue = new ConcurrentLinkedQueue<>();

    Subscribing(RedisLink link, ClusterHealth health) {
        this.link = link;
        this.health = health;
        link.every(LOOK_MS, this::look);
    }

    /**
     * Fails with {@link Unavailable} where its turn does not come in time, Redis is away by then, or there are as many as can
     * be. What has not failed is to be {@link #ended}.
     */
    <T> CompletableFuture<T> begin(RoomName room, Supplier<CompletionStage<T>> task) {
        String channel = Keyspace.channel(room);
        if (!link.isHere(channel)) {
            return CompletableFuture.failedFuture(Unavailable.away());
        }
        if (rooms.incrementAndGet() > link.rooms()) {
            ended();
            health.fullJoins.increment();
            return CompletableFuture.failedFuture(Unavailable.tooManyRooms());
        }
        CompletableFuture<T> begun = link.masters()
                .of(channel)
                .attaching()
                .enter(() -> link.answers(channel).thenCompose(answered -> task.get()));
        var unused = begun.whenComplete((done, failure) -> {
            if (failure != null) {
                ended();
            }
        });
        return begun;
    }

    /** One that has begun has ended, for good. */
    void ended() {
        rooms.decrementAndGet();
    }

    /** Waits while its Redis is away, since it would be heard for ever. */
    CompletableFuture<@Nullable Void> end(RoomName room, Supplier<CompletionStage<Void>> task) {
        Ending ending = new Ending(room, task, new CompletableFuture<>());
        end(ending);
        return ending.ended;
    }

    private void end(Ending ending) {
        String channel = Keyspace.channel(ending.room);
        if (!link.isHere(channel)) {
            overdue.add(ending);
            return;
        }
        var unused = link.masters()
                .of(channel)
                .detaching()
                .enter(() -> link.answers(channel).thenCompose(answered -> ending.task.get()))
                .whenComplete((done, failure) -> {
                    if (failure == null) {
                        ending.ended.complete(null);
                    } else if (Failures.isAway(failure)) {
                        overdue.add(ending);
                    } else {
                        ending.ended.completeExceptionally(failure);
                    }
                });
    }

    private void look() {
        for (Master master : link.masters().all()) {
            health.lateJoins.add(master.refuseLate(link.settings().joinWithinMs()));
        }
        for (int left = overdue.size(); left > 0; left--) {
            Ending ending = overdue.poll();
            if (ending != null) {
                end(ending);
            }
        }
    }
}
