package dev.hubbub.dispatch;

import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.session.Sessions;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the order of what one connection asks about one room while a part of it waits for the bus. There is nothing here
 * for whatever is done at once. Each line is added to by its connection's reading thread alone.
 */
@Singleton
public final class Lines {
    private record About(ConnectionId conn, RoomName room) {}

    /** @param publishesOnly all in it are publishes, whose order the bus keeps */
    private record Line(CompletableFuture<@Nullable Void> last, boolean publishesOnly) {}

    private final ConcurrentHashMap<About, Line> lines = new ConcurrentHashMap<>();
    private final Sessions sessions;

    @Inject
    public Lines(Sessions sessions) {
        this.sessions = sessions;
    }

    /**
     * Does something once all that was asked before is done.
     *
     * @param publish it may start while only publishes are under way
     */
    void next(ConnectionId conn, RoomName room, boolean publish, Supplier<CompletionStage<?>> what) {
        About about = new About(conn, room);
        Line before = lines.get(about);
        CompletionStage<?> done = before == null || (publish && before.publishesOnly)
                ? what.get()
                : before.last.handle((result, failure) -> null).thenCompose(waited -> what.get());
        CompletableFuture<?> future = done.toCompletableFuture();
        if (before == null && future.isDone()) {
            return;
        }
        boolean publishesOnly = publish && (before == null || before.publishesOnly);
        CompletableFuture<@Nullable Void> ended = future.handle((result, failure) -> null);
        CompletableFuture<@Nullable Void> last = before == null
                ? ended
                : CompletableFuture.allOf(before.last, ended).thenApply(all -> null);
        Line line = new Line(last, publishesOnly);
        lines.put(about, line);
        var unused = last.whenComplete((result, failure) -> {
            lines.remove(about, line);
            sessions.kick(); // whoever asked has gone on long ago
        });
    }
}
