package dev.hubbub.cluster;

import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a node has that is alone. */
@Singleton
public class InMemoryDirectory implements Directory {
    private volatile @Nullable Local local;

    @Override
    public void tell(Local own) {
        local = own;
    }

    private <T> CompletionStage<Part<T>> part(int limit, Function<Local, List<T>> asked) {
        Local known = local;
        List<T> found = known == null ? List.of() : asked.apply(known);
        List<T> items = found.size() > limit ? found.subList(0, limit) : found;
        return CompletableFuture.completedFuture(new Part<>(items, found.size() > limit, List.of()));
    }

    private static <T> List<T> orNone(@Nullable T found) {
        return found == null ? List.of() : List.of(found);
    }

    @Override
    public CompletionStage<Part<Connection>> connections(@Nullable UserId user, String after, int limit) {
        return part(limit, own -> own.connections(user, after, limit + 1));
    }

    @Override
    public CompletionStage<Part<Connection>> connection(ConnectionId conn) {
        return part(1, own -> orNone(own.connection(conn)));
    }

    @Override
    public CompletionStage<Part<Use>> rooms(String prefix, String after, int limit) {
        return part(limit, own -> own.rooms(prefix, after, limit + 1));
    }

    @Override
    public CompletionStage<Part<Use>> room(RoomName room) {
        return part(1, own -> orNone(own.room(room)));
    }

    @Override
    public CompletionStage<?> close(ConnectionId conn, String reason) {
        Local known = local;
        return CompletableFuture.completedFuture(known != null && known.close(conn, reason));
    }
}
