package dev.hubbub.room;

import dev.hubbub.cluster.PresenceStore;
import dev.hubbub.protocol.PresenceMode;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.session.Session;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Whether a subscription is listed among its room's members, and told of them. Thread-safe as {@link Memberships} is. */
record Listings(Rooms rooms, PresenceStore store, FirstPages pages) {
    /**
     * As a join asks for it; completes with the first members where they are to be told.
     *
     * @param known whether the session is in the room already
     */
    CompletionStage<PresenceStore.@Nullable Page> change(
            Session session, RoomSubscription subscription, Memberships.Ask ask, boolean known) {
        RoomName name = ask.room();
        if (!rooms.hasPresence(name)) {
            return CompletableFuture.completedFuture(null);
        }
        PresenceMode before = subscription.mode();
        PresenceMode mode = ask.presence() != null ? ask.presence() : known ? before : PresenceMode.FULL;
        CompletionStage<?> changed = CompletableFuture.completedFuture(null);
        boolean entered = false;
        if (mode == PresenceMode.FULL) {
            var who = new PresenceStore.Presence(
                    session.id(), session.identity().user(), session.identity().name());
            changed = store.enter(name, who, ask.status());
            entered = before != PresenceMode.FULL;
        } else if (before == PresenceMode.FULL) {
            store.leave(name, session.id(), session.identity().user(), true);
        }
        CompletionStage<PresenceStore.@Nullable Page> page = changed.thenCompose(done -> {
            subscription.mode(mode);
            return mode == PresenceMode.OFF ? CompletableFuture.completedFuture(null) : pages.ask(name);
        });
        return entered ? orNotListed(page, session, subscription, before) : page;
    }

    /** Whoever is told that a join failed is not listed by it. */
    private CompletionStage<PresenceStore.@Nullable Page> orNotListed(
            CompletionStage<PresenceStore.@Nullable Page> page,
            Session session,
            RoomSubscription subscription,
            PresenceMode before) {
        return page.whenComplete((listed, failure) -> {
            if (failure != null) {
                subscription.mode(before);
                RoomName name = subscription.room().name();
                store.leave(name, session.id(), session.identity().user(), true);
            }
        });
    }

    /** It goes on without: neither listed nor told who is. */
    void hide(RoomSubscription subscription) {
        PresenceMode before = subscription.mode();
        subscription.mode(PresenceMode.OFF);
        if (before == PresenceMode.FULL) {
            leave(subscription, true);
        }
    }

    /** Its session has left the room. */
    void gone(RoomSubscription subscription, boolean atOnce) {
        if (subscription.mode() == PresenceMode.FULL) {
            leave(subscription, atOnce);
        }
    }

    private void leave(RoomSubscription subscription, boolean atOnce) {
        Session session = subscription.session();
        store.leave(subscription.room().name(), session.id(), session.identity().user(), atOnce);
    }
}
