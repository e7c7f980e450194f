package dev.hubbub.dispatch;

import dev.hubbub.access.Permissions;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.room.Memberships;
import dev.hubbub.room.Permanence;
import dev.hubbub.session.Identity;
import dev.hubbub.session.Session;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts connections back into the rooms that their users are permanent members of. What a connection asks meanwhile waits,
 * so that two joins of one room never overlap. Where there are no such rooms nothing is done. Thread-safe.
 */
@Singleton
public final class Returns {
    /** Those under way. */
    private final ConcurrentHashMap<ConnectionId, CompletableFuture<@Nullable Void>> returning =
            new ConcurrentHashMap<>();

    private final Permanence permanence;
    private final Memberships memberships;
    private final Permissions permissions;
    private final Reviews reviews;

    @Inject
    public Returns(Permanence permanence, Memberships memberships, Permissions permissions, Reviews reviews) {
        this.permanence = permanence;
        this.memberships = memberships;
        this.permissions = permissions;
        this.reviews = reviews;
    }

    /** To be called before the session's first request is taken. Fails with {@link dev.hubbub.cluster.Unavailable}. */
    CompletionStage<@Nullable Void> begin(Session session) {
        if (!permanence.isUsed()) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        returning.put(session.id(), done);
        return permanence
                .of(session.identity().user())
                .thenCompose(rooms -> enter(session, rooms))
                .whenComplete((all, failure) -> {
                    returning.remove(session.id());
                    done.complete(null); // whoever waits fares as if it had come now
                });
    }

    /**
     * One room after the other, since many users may come back at once. A room that the user may not join any more is left
     * out, and is not forgotten. One that cannot be had fails all: a client that lacked it would miss what is said there,
     * and nobody would know.
     */
    private CompletionStage<@Nullable Void> enter(Session session, List<RoomName> rooms) {
        CompletionStage<@Nullable Void> entered = CompletableFuture.completedFuture(null);
        for (RoomName room : rooms) {
            entered = entered.thenCompose(before -> enter(session, room));
        }
        return entered;
    }

    private CompletionStage<@Nullable Void> enter(Session session, RoomName room) {
        Identity asking = session.identity();
        return permissions
                .checkJoin(asking, room, Permissions.Wish.PLAIN)
                .thenCompose(entry -> entry.refusal() == null
                        ? memberships
                                .enter(session, room, entry.presence())
                                .thenRun(() -> reviews.after(session, asking, room))
                        : CompletableFuture.completedFuture(null));
    }

    /** Completes once a connection is back; null where it is already. */
    @Nullable
    CompletionStage<@Nullable Void> of(ConnectionId conn) {
        return returning.get(conn);
    }
}
