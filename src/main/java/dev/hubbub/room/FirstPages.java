package dev.hubbub.room;

import dev.hubbub.cluster.PresenceStore;
import dev.hubbub.cluster.PresenceStore.Page;
import dev.hubbub.protocol.RoomName;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The first members of rooms, as joins are answered with. Of each room one read is under way; all who ask meanwhile share the
 * next, which begins after they asked: whoever has just been listed is in it. Thread-safe.
 */
final class FirstPages {
    /** Members in one. */
    static final int SIZE = 100;

    /** Who waits for the read under way, and who for the next. */
    private record Reading(
            CompletableFuture<Page> current, @Nullable CompletableFuture<Page> next) {
        Reading with(CompletableFuture<Page> fresh) {
            return next == null ? new Reading(current, fresh) : this;
        }

        @Nullable
        Reading following() {
            return next == null ? null : new Reading(next, null);
        }
    }

    private final ConcurrentHashMap<RoomName, Reading> readings = new ConcurrentHashMap<>();
    private final PresenceStore store;

    FirstPages(PresenceStore store) {
        this.store = store;
    }

    /** Completes with a page that was read after this was called. */
    CompletionStage<Page> ask(RoomName room) {
        CompletableFuture<Page> fresh = new CompletableFuture<>();
        Reading reading = Objects.requireNonNull(readings.compute(
                room, (name, before) -> before == null ? new Reading(fresh, null) : before.with(fresh)));
        if (reading.current == fresh) {
            read(room, fresh);
            return fresh;
        }
        return Objects.requireNonNull(reading.next);
    }

    private void read(RoomName room, CompletableFuture<Page> done) {
        var read = CompletableFuture.completedFuture(room).thenCompose(name -> store.list(name, null, SIZE));
        var unused = read.whenComplete((page, failure) -> {
            Reading following = readings.computeIfPresent(room, (name, reading) -> reading.following());
            if (following != null) {
                read(room, following.current);
            }
            if (failure == null) {
                done.complete(page);
            } else {
                done.completeExceptionally(failure);
            }
        });
    }
}
