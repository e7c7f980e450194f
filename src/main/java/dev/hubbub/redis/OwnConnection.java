package dev.hubbub.redis;

import dev.hubbub.cluster.PresenceStore.Presence;
import dev.hubbub.protocol.ConnectionId;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One of this node's connections in one room. Its commands take turns. Guarded by itself.
 */
final class OwnConnection {
    private final OwnRoom room;
    private final ConnectionId id;
    /** Null when it has left. */
    private @Nullable Presence presence;
    /** Under which it was listed last; null where it never was. */
    private @Nullable String incarnation;

    private int commands;
    private final Turns turns = new Turns();

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

    /** Runs a command in its turn; {@link #done} is to be told of its end. */
    <T> CompletableFuture<T> then(Supplier<CompletableFuture<T>> command) {
        synchronized (this) {
            commands++;
        }
        return turns.then(command);
    }

    /** A command that was asked for has ended. */
    synchronized void done() {
        commands--;
    }

    synchronized boolean isOver() {
        return presence == null && commands == 0;
    }
}
