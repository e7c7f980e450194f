package dev.hubbub.redis;

import dev.hubbub.protocol.RoomName;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RTopic;
import org.redisson.api.listener.StatusListener;

/**
 * One subscription to a room's channel, from its beginning to its end. The driver may put its listeners back after they
 * were taken off, while it subscribes again: what is heard then is not told. Thread-safe.
 */
final class ChannelSubscription implements StatusListener {
    private final RoomName room;
    private final RTopic topic;
    private final RoomChannels channels;
    private final CompletableFuture<Integer[]> listeners;
    private volatile boolean stood;
    private volatile boolean over;

    ChannelSubscription(RoomName room, RTopic topic, RoomChannels channels) {
        this.room = room;
        this.topic = topic;
        this.channels = channels;
        this.listeners = channels.subscribing().begin(room, this::listen);
    }

    /** The channel may be subscribed to already, by one that is about to end: then the driver tells nobody that it stands. */
    private CompletionStage<Integer[]> listen() {
        return topic.addListenerAsync(this)
                .thenCompose(first -> topic.addListenerAsync(byte[].class, (name, bytes) -> heard(bytes))
                        .thenApply(second -> new Integer[] {first, second})
                        .exceptionallyCompose(failure -> without(first, failure)))
                .thenApply(ids -> {
                    stood = true;
                    return ids;
                });
    }

    /** One listener alone would keep the channel subscribed to, and nobody would hear it. */
    private CompletionStage<Integer[]> without(Integer first, Throwable failure) {
        over = true;
        var unused = channels.subscribing().end(room, () -> topic.removeListenerAsync(first));
        return CompletableFuture.failedFuture(failure);
    }

    /** What is said after this has completed is heard. */
    CompletionStage<?> stands() {
        return listeners;
    }

    private void heard(byte[] bytes) {
        if (over) {
            var unused = takeOff();
        } else {
            channels.heard(room, bytes);
        }
    }

    /** Takes off what this one has put on, and not what a later one has. */
    CompletionStage<?> end() {
        return isFirstEnd() ? takeOff().whenComplete(this::ended) : takeOff();
    }

    private synchronized boolean isFirstEnd() {
        boolean first = !over;
        over = true;
        return first;
    }

    private CompletionStage<?> takeOff() {
        return listeners.thenCompose(ids -> channels.subscribing().end(room, () -> topic.removeListenerAsync(ids)));
    }

    private void ended(@Nullable Object done, @Nullable Throwable failure) {
        if (!listeners.isCompletedExceptionally()) {
            channels.subscribing().ended();
        }
    }

    @Override
    public void onSubscribe(String name) {
        if (stood && !over) {
            channels.resubscribed(room); // what was said meanwhile is missed
        }
        stood = true;
    }

    @Override
    public void onUnsubscribe(String name) {}
}
