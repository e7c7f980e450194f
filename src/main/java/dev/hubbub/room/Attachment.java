package dev.hubbub.room;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Who waits for the bus to deliver to a room. Guarded by itself. */
final class Attachment {
    /** Null once the bus delivers to it, or will not. */
    private @Nullable List<CompletableFuture<Room>> waiting = new ArrayList<>(1);

    /** A stage for one who waits; null where nobody has to. */
    synchronized @Nullable CompletableFuture<Room> enter() {
        List<CompletableFuture<Room>> others = waiting;
        if (others == null) {
            return null;
        }
        CompletableFuture<Room> own = new CompletableFuture<>();
        others.add(own);
        return own;
    }

    /** Lets all go on, in the order in which they came, those too who come meanwhile. */
    void end(Room room, @Nullable Throwable failure) {
        for (List<CompletableFuture<Room>> some = next(); !some.isEmpty(); some = next()) {
            for (CompletableFuture<Room> one : some) {
                if (failure == null) {
                    one.complete(room);
                } else {
                    one.completeExceptionally(failure);
                }
            }
        }
    }

    private synchronized List<CompletableFuture<Room>> next() {
        List<CompletableFuture<Room>> some = waiting;
        waiting = some == null || some.isEmpty() ? null : new ArrayList<>();
        return some == null ? List.of() : some;
    }
}
