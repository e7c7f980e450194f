package dev.hubbub.dispatch;

import dev.hubbub.cluster.Unavailable;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.Encoded;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.JoinAnswer;
import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.Refusal;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.SessionFrames;
import dev.hubbub.protocol.SessionInfo;
import dev.hubbub.room.Memberships;
import dev.hubbub.session.FrameSink;
import dev.hubbub.session.Identity;
import dev.hubbub.session.NodeName;
import dev.hubbub.session.Session;
import dev.hubbub.session.Sessions;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Opens sessions: each is told who and where it is, and those of two-way clients are in their user's room at once. */
@Singleton
public class Openings {
    private final Settings settings;
    private final Sessions sessions;
    private final Memberships memberships;
    private final Returns returns;
    private final NodeName node;
    private final Clock clock;

    @Inject
    public Openings(
            Settings settings,
            Sessions sessions,
            Memberships memberships,
            Returns returns,
            NodeName node,
            Clock clock) {
        this.settings = settings;
        this.sessions = sessions;
        this.memberships = memberships;
        this.returns = returns;
        this.node = node;
        this.clock = clock;
    }

    /**
     * A session in its user's room, and soon in the permanent ones; nothing is sent before the loops are kicked, and
     * nothing ahead of {@code session.opened}. Where a room cannot be had the session is closed with 1013.
     *
     * @param begun told of it before anything can be sent, so before its client can speak to it
     */
    public Session open(Identity identity, FrameSink sink, Consumer<Session> begun) {
        Session session = sessions.open(identity, sink);
        begun.accept(session);
        RoomName own = RoomName.ofUser(identity.user());
        join(session, Memberships.Ask.of(own, null), answer -> {
            session.open(opened(session, answer.place()));
            session.identity(identity.told());
        });
        orClosed(session, returns.begin(session));
        return session;
    }

    private void join(Session session, Memberships.Ask ask, Consumer<JoinAnswer> answered) {
        orClosed(session, memberships.join(session, ask, answered));
    }

    private void orClosed(Session session, CompletionStage<?> joined) {
        var unused = joined.whenComplete((done, failure) -> {
            if (failure != null) {
                Refusal refusal = Unavailable.refusal(failure);
                session.close(
                        refusal.code() == ErrorCode.UNAVAILABLE ? CloseCode.FULL : CloseCode.SERVER_FAULT,
                        refusal.message());
            }
            sessions.kick();
        });
    }

    /** A session that only listens; its rooms are joined by {@link #joinListening}. */
    public Session openListening(Identity identity, FrameSink sink) {
        Session session = sessions.open(identity, sink);
        session.open(opened(session, null));
        return session;
    }

    /** Joins a room for a session that cannot ask; where the room cannot be had the session is closed with 1013. */
    public void joinListening(Session session, Memberships.Ask ask, Consumer<JoinAnswer> answered) {
        join(session, ask, answered);
    }

    /** What {@code session.opened} tells a session. */
    private Encoded opened(Session session, @Nullable Place userRoom) {
        Identity identity = session.identity();
        Settings.Limits limits = settings.limits;
        return SessionFrames.opened(
                new SessionInfo(
                        session.id(),
                        identity.user(),
                        identity.name(),
                        node.value(),
                        settings.heartbeat.pingMs(),
                        limits.messageBytes(),
                        limits.rooms(),
                        limits.messagesPerSecond(),
                        limits.messagesBurst(),
                        userRoom,
                        identity.anon(),
                        identity.expiresAt()),
                clock.millis());
    }
}
