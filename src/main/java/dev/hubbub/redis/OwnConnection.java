package dev.hubbub.redis;

import dev.hubbub.cluster.PresenceStore.Presence;
import dev.hubbub.protocol.ConnectionId;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One of this node's connections in one room. Its commands go to Redis one after the other, since those of one caller may
 * be reordered on the way. Guarded by itself.
 */
final class OwnConnection {
    private final OwnRoom room;
    private final ConnectionId id;
    /** Null when it has left. */
    private @Nullable Presence presence;
    /** Under which it was listed last; null where it never was. */
    private @Nullable String incarnation;

    private int commands;
    private CompletableFuture<?> last = CompletableFuture.completedFuture(null);

    OwnConnection(OwnRoom room, ConnectionId id) {
        this.room = room;
        this.id = id;
    }

    OwnRoom room() {
        return room;
    }

    ConnectionId id() {
        return id;
    }

    synchronized @Nullable Presence presence() {
        return presence;
    }

    synchronized void enter(Presence entered) {
        presence = entered;
    }

    /** What it was present with; null where it was not. */
    synchronized @Nullable Presence leave() {
        Presence left = presence;
        presence = null;
        return left;
    }

    synchronized @Nullable String incarnation() {
        return incarnation;
    }

    /** Lists it under this incarnation from now on; returns the former one, or the same. */
    synchronized String incarnation(String now) {
        String former = incarnation;
        incarnation = now;
        return former == null ? now : former;
    }

    /** Runs a command behind those that were asked for before, whatever became of them. */
    <T> CompletableFuture<T> then(Supplier<CompletableFuture<T>> command) {
        CompletableFuture<T> done = new CompletableFuture<>();
        CompletableFuture<?> before;
        synchronized (this) {
            commands++;
            before = last;
            last = done;
        }
        var unused = before.handle((result, failure) -> null)
                .thenCompose(ready -> command.get())
                .whenComplete((result, failure) -> {
                    if (failure == null) {
                        done.complete(result);
                    } else {
                        done.completeExceptionally(failure);
                    }
                });
        return done;
    }

    /** A command that was asked for has ended. */
    synchronized void done() {
        commands--;
    }

    synchronized boolean isOver() {
        return presence == null && commands == 0;
    }
}
