package dev.hubbub.dispatch;

import dev.hubbub.access.Permissions;
import dev.hubbub.protocol.PresenceMode;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.room.Memberships;
import dev.hubbub.room.RoomSubscription;
import dev.hubbub.session.Identity;
import dev.hubbub.session.Session;
import dev.hubbub.session.Sessions;
import dev.hubbub.session.Source;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides again about the rooms that a session is in, once its credentials are others: a right that is lost ends the
 * membership, or the part in its presence. Thread-safe.
 */
@Singleton
public final class Reviews {
    private static final Logger LOG = LoggerFactory.getLogger(Reviews.class);

    private final Permissions permissions;
    private final Memberships memberships;
    private final Sessions sessions;

    @Inject
    public Reviews(Permissions permissions, Memberships memberships, Sessions sessions) {
        this.permissions = permissions;
        this.memberships = memberships;
        this.sessions = sessions;
    }

    /** All that it is in now. */
    void all(Session session) {
        for (Source source : session.sources()) {
            if (source instanceof RoomSubscription subscription) {
                review(session, subscription.room().name());
            }
        }
    }

    /** A join was decided for these credentials, and is done: they may be others by now. */
    void after(Session session, Identity asked, RoomName room) {
        if (!session.identity().equals(asked)) {
            review(session, room);
        }
    }

    private void review(Session session, RoomName room) {
        if (room.equals(RoomName.ofUser(session.identity().user()))) {
            return;
        }
        var unused = permissions
                .checkJoin(session.identity(), room, Permissions.Wish.PLAIN)
                .whenComplete((entry, failure) -> {
                    if (failure != null) {
                        LOG.debug("nobody decides about {}: the membership ends", room, failure);
                        memberships.remove(session, room, "nobody could decide about the new token");
                    } else if (entry.refusal() != null) {
                        memberships.remove(session, room, "permission withdrawn");
                    } else if (entry.presence() == PresenceMode.OFF) {
                        memberships.hide(session, room);
                    }
                    sessions.kick();
                });
    }
}
