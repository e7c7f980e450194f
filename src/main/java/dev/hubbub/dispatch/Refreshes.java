package dev.hubbub.dispatch;

import dev.hubbub.access.Entrance;
import dev.hubbub.cluster.Unavailable;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Refusal;
import dev.hubbub.session.Admission;
import dev.hubbub.session.Identity;
import dev.hubbub.session.Session;
import dev.hubbub.session.Sessions;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Has open sessions go on with newer credentials, one token of a session at a time. Thread-safe. */
@Singleton
public final class Refreshes {
    /** Connections whose token is being looked at: of two at once the older might win. */
    private final Set<ConnectionId> underWay = ConcurrentHashMap.newKeySet();

    private final Entrance entrance;
    private final Reviews reviews;
    private final Sessions sessions;

    @Inject
    public Refreshes(Entrance entrance, Reviews reviews, Sessions sessions) {
        this.entrance = entrance;
        this.reviews = reviews;
        this.sessions = sessions;
    }

    /** @param told why the token does not count, or null where it does; before anything that follows from it is told */
    void begin(Session session, String token, Consumer<@Nullable Refusal> told) {
        if (!underWay.add(session.id())) {
            told.accept(Refusal.of(ErrorCode.FAILED_PRECONDITION, "another token of this session is being looked at"));
            return;
        }
        var unused = entrance.login(token, "").handle((admission, failure) -> {
            Refusal refusal = failure == null ? renew(session, admission) : Unavailable.refusal(failure);
            underWay.remove(session.id()); // not before this token counts, nor after its sender knows
            told.accept(refusal);
            if (refusal == null) {
                reviews.all(session);
            }
            sessions.kick(); // whoever asked may have gone on
            return admission;
        });
    }

    /** Null where the credentials count from now on. */
    private static @Nullable Refusal renew(Session session, Admission admission) {
        if (admission instanceof Admission.Refused refused) {
            return refused.refusal();
        }
        Identity identity = ((Admission.Admitted) admission).identity();
        if (!identity.user().equals(session.identity().user())) {
            return Refusal.of(ErrorCode.PERMISSION_DENIED, "the token is another user's");
        }
        if (identity.kind() != Identity.Kind.ANONYMOUS) { // an anonymous id says nothing new, and its address is known
            session.identity(identity.told());
        }
        return null;
    }
}
