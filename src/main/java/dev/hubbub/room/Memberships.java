package dev.hubbub.room;

import dev.hubbub.cluster.PresenceStore;
import dev.hubbub.cluster.Sanctions;
import dev.hubbub.protocol.JoinAnswer;
import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.PresenceMode;
import dev.hubbub.protocol.RawJson;
import dev.hubbub.protocol.RoomFrames;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import dev.hubbub.session.Session;
import dev.hubbub.session.Sessions;
import dev.hubbub.session.Source;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who is in which room: joining, leaving, being removed. Thread-safe; calls about one session and one room must not
 * overlap, whoever makes them keeps their order.
 */
@Singleton
public final class Memberships implements Sessions.EndListener {
    private static final String BANNED = "banned";
    /** How far back a connection that broke off is made whole again where its user may not read the history, in ms. */
    private static final long RECENT_MS = 120_000;

    private final Rooms rooms;
    private final Listings listings;
    private final Sanctions sanctions;

    @Inject
    public Memberships(Rooms rooms, PresenceStore store, Sessions sessions, Sanctions sanctions) {
        this.rooms = rooms;
        this.listings = new Listings(rooms, store, new FirstPages(store));
        sessions.listen(this);
        this.sanctions = sanctions;
        sanctions.onRemove((name, user, reason) -> {
            Room room = rooms.find(name);
            if (room != null) {
                remove(room, user, reason);
                sessions.kick();
            }
        });
    }

    /**
     * What a join asks for; null fields stay as they are.
     *
     * @param lost the place that it brought means nothing here
     * @param recentOnly of what was missed only what was said just now
     */
    public record Ask(
            RoomName room,
            @Nullable Place since,
            int replay,
            @Nullable PresenceMode presence,
            @Nullable RawJson status,
            boolean lost,
            boolean recentOnly) {
        /** To be in a room from now on. */
        public static Ask of(RoomName room, @Nullable PresenceMode presence) {
            return new Ask(room, null, 0, presence, null, false, false);
        }
    }

    /**
     * Puts a session into a room, or changes how it is in it. The answer is handed over before anything of the room is
     * sent that follows from it; the stage completes behind it, or fails with
     * {@link dev.hubbub.cluster.Unavailable} where nothing was done.
     */
    public CompletionStage<@Nullable Void> join(Session session, Ask ask, Consumer<JoinAnswer> answered) {
        return join(session, ask, (subscription, answer) -> answered.accept(answer));
    }

    /** Puts a session into a room that it did not ask for, which it is told as the first thing of that room. */
    public CompletionStage<@Nullable Void> enter(Session session, RoomName room, @Nullable PresenceMode presence) {
        return join(
                session,
                Ask.of(room, presence),
                (subscription, answer) -> subscription.tellFirst(RoomFrames.joined(answer, rooms.now())));
    }

    /** Hears of a join, under the subscription's lock. */
    private interface Joined {
        void tell(RoomSubscription subscription, JoinAnswer answer);
    }

    private CompletionStage<@Nullable Void> join(Session session, Ask ask, Joined answered) {
        return rooms.obtain(ask.room())
                .thenCompose(room -> room.reach(oldestWanted(room, ask)).thenCompose(reached -> {
                    Source known = session.source(ask.room().value(), false);
                    RoomSubscription subscription =
                            known instanceof RoomSubscription s ? s : new RoomSubscription(room, session);
                    return listings.change(session, subscription, ask, known != null)
                            .thenCompose(page -> stand(subscription, ask, known != null, page, answered)
                                    ? CompletableFuture.completedFuture(null)
                                    : join(session, ask, answered)); // the room ended meanwhile
                }));
    }

    private static Place oldestWanted(Room room, Ask ask) {
        Place since = ask.since();
        if (since != null) {
            return new Place(since.epoch(), since.seq() + 1);
        }
        Place head = room.head();
        return new Place(head.epoch(), Math.max(1, head.seq() - ask.replay() + 1));
    }

    /** @return false where the room ended meanwhile */
    private boolean stand(
            RoomSubscription subscription, Ask ask, boolean known, PresenceStore.@Nullable Page page, Joined answered) {
        Room room = subscription.room();
        synchronized (subscription) {
            if (!known && !room.add(subscription)) {
                return false;
            }
            Standing standing = ask.lost()
                    ? Standing.lost(room)
                    : Standing.of(room, ask.since(), ask.replay(), ask.recentOnly() ? rooms.now() - RECENT_MS : 0);
            if (!known || ask.since() != null || ask.replay() > 0) {
                subscription.standAt(standing);
            }
            if (page != null) {
                subscription.knows(page.rev());
            }
            if (!known) {
                rooms.joined(subscription); // it cannot leave before it is the session's
                subscription.session().add(subscription);
            }
            subscription.answerFirst();
            JoinAnswer answer = new JoinAnswer(
                    room.name(),
                    standing.head(),
                    standing.recovered(),
                    standing.replayed(room.log(), subscription.session().id()),
                    page == null ? null : new JoinAnswer.PresencePage(page.rev(), page.count(), page.members()));
            answered.tell(subscription, answer);
        }
        subscription.session().ready(subscription);
        Session session = subscription.session();
        if (session.isClosed()) {
            leave(subscription, false); // it ended while it was joining
        } else if (!session.identity().isBackend()
                && sanctions.isBanned(room.name(), session.identity().user())) {
            remove(subscription, BANNED); // decided while it was joining
        }
        return true;
    }

    /** Takes a session out of a room, and says whether it was in it. */
    public boolean leave(Session session, RoomName name) {
        Source source = session.source(name.value(), false);
        if (!(source instanceof RoomSubscription subscription)) {
            return false;
        }
        leave(subscription, true);
        return true;
    }

    private void leave(RoomSubscription subscription, boolean atOnce) {
        Session session = subscription.session();
        if (!session.remove(subscription)) {
            return;
        }
        subscription.end();
        subscription.room().remove(subscription);
        listings.gone(subscription, atOnce);
        rooms.left(subscription);
    }

    /** Takes all of a user's connections on this node out of a room, telling them why. */
    private void remove(Room room, UserId user, String reason) {
        for (RoomSubscription subscription : room.subscriptions()) {
            if (subscription.session().identity().user().equals(user)) {
                remove(subscription, reason);
            }
        }
    }

    private void remove(RoomSubscription subscription, String reason) {
        Session session = subscription.session();
        RoomName room = subscription.room().name();
        leave(subscription, true);
        Farewell farewell = new Farewell(room, RoomFrames.removed(room, reason, rooms.now()), session);
        session.add(farewell);
        session.ready(farewell);
    }

    /** Takes one session out of a room, telling it why; where it is not in it, nothing happens. */
    public void remove(Session session, RoomName room, String reason) {
        if (session.source(room.value(), false) instanceof RoomSubscription subscription) {
            remove(subscription, reason);
        }
    }

    /** A session goes on in a room without its presence: it is neither listed nor told who is. */
    public void hide(Session session, RoomName room) {
        if (session.source(room.value(), false) instanceof RoomSubscription subscription) {
            listings.hide(subscription);
        }
    }

    @Override
    public void ended(Session session, boolean atOnce) {
        for (Source source : session.sources()) {
            if (source instanceof RoomSubscription subscription) {
                leave(subscription, atOnce);
            }
        }
    }
}
