package dev.hubbub.room;

import dev.hubbub.cluster.PermanentRooms;
import dev.hubbub.cluster.PermanentRooms.Added;
import dev.hubbub.config.RoomKind;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.JoinAnswer;
import dev.hubbub.protocol.Refusal;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import dev.hubbub.session.Session;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What users say about their rooms, which holds for good where a room is permanent. Of all other rooms nothing is asked or
 * kept. Thread-safe; the order of calls is the caller's to keep, as with {@link Memberships}.
 */
@Singleton
public final class Permanence {
    private final Rooms rooms;
    private final Memberships memberships;
    private final PermanentRooms store;
    private final int limit;
    private final boolean used;

    @Inject
    public Permanence(Rooms rooms, Memberships memberships, PermanentRooms store, Settings settings) {
        this.rooms = rooms;
        this.memberships = memberships;
        this.store = store;
        this.limit = settings.limits.rooms();
        this.used = settings.hasRooms(RoomKind.PERMANENT);
    }

    /** Whether there are such rooms at all. */
    public boolean isUsed() {
        return used;
    }

    private boolean isPermanent(RoomName room) {
        return used && rooms.kind(room) == RoomKind.PERMANENT;
    }

    /** As {@link Memberships#join}; completes with why the user may not be a member, or null. */
    public CompletionStage<@Nullable Refusal> join(
            Session session, Memberships.Ask ask, Consumer<JoinAnswer> answered) {
        if (!isPermanent(ask.room())) {
            return memberships.join(session, ask, answered).thenApply(done -> null);
        }
        UserId user = session.identity().user();
        return store.add(user, ask.room(), limit)
                .thenCompose(added -> added == Added.TOO_MANY
                        ? CompletableFuture.completedFuture(tooMany())
                        : memberships
                                .join(session, ask, answered)
                                .<@Nullable Refusal>thenApply(done -> null)
                                .exceptionallyCompose(failure -> takeBack(user, ask.room(), added, failure)));
    }

    /** Who is told that a join failed is no member, unless Redis went away in the middle of it. */
    private CompletionStage<@Nullable Refusal> takeBack(UserId user, RoomName room, Added added, Throwable failure) {
        CompletionStage<?> taken =
                added == Added.NEW ? store.remove(user, room) : CompletableFuture.completedFuture(null);
        return taken.handle((done, worse) -> null).thenCompose(done -> CompletableFuture.failedFuture(failure));
    }

    private Refusal tooMany() {
        return Refusal.of(ErrorCode.RESOURCE_EXHAUSTED, "a user is a member of at most " + limit + " permanent rooms");
    }

    /** Takes a session out of a room; the user's other connections stay where they are. */
    public CompletionStage<?> leave(Session session, RoomName room) {
        return end(room, session.identity().user()).thenApply(done -> memberships.leave(session, room));
    }

    /** A user is no member of a room any more; whoever is in it stays until it is taken out. */
    public CompletionStage<?> end(RoomName room, UserId user) {
        return isPermanent(room) ? store.remove(user, room) : CompletableFuture.completedFuture(null);
    }

    /** The permanent rooms that a user is a member of, by name; as many as one connection may be in. */
    public CompletionStage<List<RoomName>> of(UserId user) {
        return store.of(user)
                .thenApply(all ->
                        all.stream().filter(this::isPermanent).limit(limit).toList());
    }
}
