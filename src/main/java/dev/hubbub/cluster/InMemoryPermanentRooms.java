package dev.hubbub.cluster;

import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Memberships of a single node; they end with the process. */
@Singleton
public class InMemoryPermanentRooms implements PermanentRooms {
    /** Values are changed within {@code compute} alone. */
    private final ConcurrentHashMap<UserId, List<RoomName>> rooms = new ConcurrentHashMap<>();

    @Override
    public CompletionStage<Boolean> enter(UserId user, RoomName room, int most) {
        List<RoomName> now = rooms.compute(user, (u, own) -> {
            TreeSet<RoomName> more = new TreeSet<>(own == null ? List.of() : own);
            more.add(room);
            return more.size() > most ? own : List.copyOf(more);
        });
        return CompletableFuture.completedFuture(now != null && now.contains(room));
    }

    @Override
    public CompletionStage<?> leave(UserId user, RoomName room) {
        rooms.computeIfPresent(user, (u, own) -> {
            List<RoomName> less = own.stream().filter(r -> !r.equals(room)).toList();
            return less.isEmpty() ? null : less;
        });
        return CompletableFuture.completedFuture(true);
    }

    @Override
    public CompletionStage<List<RoomName>> of(UserId user) {
        return CompletableFuture.completedFuture(rooms.getOrDefault(user, List.of()));
    }
}
