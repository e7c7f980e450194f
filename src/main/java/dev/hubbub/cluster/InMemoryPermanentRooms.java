package dev.hubbub.cluster;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Permanent rooms of a single node: as permanent as its process. */
@Singleton
public class InMemoryPermanentRooms implements PermanentRooms {
    /** So that users who never come back do not fill the memory; those who were not seen for long go first. */
    private static final int MOST_USERS = 100_000;

    /** The sets do not change. */
    private final Cache<UserId, SortedSet<RoomName>> rooms =
            Caffeine.newBuilder().maximumSize(MOST_USERS).build();

    @Inject
    public InMemoryPermanentRooms() {}

    @Override
    public CompletionStage<Added> add(UserId user, RoomName room, int limit) {
        Added[] added = {Added.KNOWN};
        rooms.asMap().compute(user, (u, known) -> {
            SortedSet<RoomName> own = known == null ? new TreeSet<>() : known;
            if (own.contains(room)) {
                return own;
            }
            added[0] = own.size() < limit ? Added.NEW : Added.TOO_MANY;
            return added[0] == Added.NEW ? with(own, room) : own;
        });
        return CompletableFuture.completedFuture(added[0]);
    }

    private static SortedSet<RoomName> with(SortedSet<RoomName> own, RoomName room) {
        SortedSet<RoomName> more = new TreeSet<>(own);
        more.add(room);
        return more;
    }

    @Override
    public CompletionStage<?> remove(UserId user, RoomName room) {
        rooms.asMap().computeIfPresent(user, (u, own) -> {
            SortedSet<RoomName> fewer = new TreeSet<>(own);
            fewer.remove(room);
            return fewer.isEmpty() ? null : fewer;
        });
        return CompletableFuture.completedFuture(true);
    }

    @Override
    public CompletionStage<List<RoomName>> of(UserId user) {
        SortedSet<RoomName> own = rooms.getIfPresent(user);
        return CompletableFuture.completedFuture(own == null ? List.of() : List.copyOf(own));
    }
}
