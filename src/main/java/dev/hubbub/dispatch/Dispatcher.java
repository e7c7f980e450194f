package dev.hubbub.dispatch;

import dev.hubbub.access.Pace;
import dev.hubbub.access.Permissions;
import dev.hubbub.access.PublishRates;
import dev.hubbub.access.Refusals;
import dev.hubbub.cluster.PresenceStore;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.ClientMessage;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.Decoded;
import dev.hubbub.protocol.EnvelopeDecoder;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Refusal;
import dev.hubbub.protocol.SessionFrames;
import dev.hubbub.room.Histories;
import dev.hubbub.room.Permanence;
import dev.hubbub.room.Rooms;
import dev.hubbub.session.DeliveryStats;
import dev.hubbub.session.Session;
import dev.hubbub.session.Sessions;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes a client's frames, one at a time for each session, in the session's reading thread. Never blocks. */
@Singleton
public class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    final Rooms rooms;
    final Permanence permanence;
    final Returns returns;
    final Histories histories;
    final Lines lines;
    final PresenceStore presence;
    final Permissions permissions;
    final PublishRates publishRates;
    final Refusals refusals;
    final Refreshes refreshes;
    final Reviews reviews;
    final Settings settings;
    private final EnvelopeDecoder decoder;
    private final Sessions sessions;
    private final DeliveryStats stats;
    private final Clock clock;

    @Inject
    public Dispatcher(
            Settings settings,
            Rooms rooms,
            Permanence permanence,
            Returns returns,
            Histories histories,
            Lines lines,
            PresenceStore presence,
            Permissions permissions,
            PublishRates publishRates,
            Refusals refusals,
            Refreshes refreshes,
            Reviews reviews,
            Sessions sessions,
            DeliveryStats stats,
            Clock clock) {
        this.settings = settings;
        this.rooms = rooms;
        this.permanence = permanence;
        this.returns = returns;
        this.histories = histories;
        this.lines = lines;
        this.presence = presence;
        this.permissions = permissions;
        this.publishRates = publishRates;
        this.refusals = refusals;
        this.refreshes = refreshes;
        this.reviews = reviews;
        this.sessions = sessions;
        this.stats = stats;
        this.clock = clock;
        this.decoder = new EnvelopeDecoder(settings.limits.jsonDepth());
    }

    void kick() {
        sessions.kick();
    }

    /** Reads a frame; whoever has no session yet decides what may come first. */
    public Decoded decode(String text) {
        return decoder.decode(text);
    }

    /** Does what a frame says, answers it, and lets everything go out that follows from it. */
    public void handle(Session session, Pace pace, String text) {
        session.heard(clock.millis());
        stats.messagesIn.increment();
        Decoded decoded = decoder.decode(text);
        if (decoded instanceof Decoded.Valid valid) {
            take(session, pace, valid.message());
        } else if (decoded instanceof Decoded.Invalid invalid) {
            refuse(session, pace, invalid);
        }
        sessions.kick();
    }

    private void take(Session session, Pace pace, ClientMessage message) {
        if (!mayTalk(session, pace, message.id(), message instanceof ClientMessage.Join)) {
            return;
        }
        try {
            message.accept(new Turn(this, session, pace));
        } catch (RuntimeException e) {
            LOG.error("{} of connection {} failed", message.type(), session.id(), e);
            session.answer(
                    SessionFrames.error(message.id(), Refusal.of(ErrorCode.INTERNAL, "the server failed at this")));
        }
    }

    /** Whether one more message may come now; who sent it is told where it may not. */
    private boolean mayTalk(Session session, Pace pace, @Nullable String id, boolean join) {
        Refusal tooFast = pace.take(join);
        if (tooFast != null) {
            refusals.count(Refusals.Reason.MESSAGE_RATE, session.id());
            tooFast(session, pace, id, tooFast);
        }
        return tooFast == null;
    }

    /** Tells somebody that they are too fast, and takes leave of them where they were told too often. */
    void tooFast(Session session, Pace pace, @Nullable String id, Refusal refusal) {
        session.answer(SessionFrames.error(id, refusal));
        if (pace.wasTooFast(clock.millis())) {
            session.close(CloseCode.RATE_LIMIT, refusal.message());
        }
    }

    /** Whoever sends what is malformed is sent away for that; what another version might understand is a message like others. */
    private void refuse(Session session, Pace pace, Decoded.Invalid invalid) {
        boolean malformed = invalid.refusal().code() == ErrorCode.INVALID_ARGUMENT;
        if (!malformed && !mayTalk(session, pace, invalid.id(), false)) {
            return;
        }
        session.answer(SessionFrames.error(invalid.id(), invalid.refusal()));
        if (malformed) {
            stats.invalid.increment();
            if (pace.wasInvalid(clock.millis())) {
                refusals.count(Refusals.Reason.MALFORMED, session.id());
                session.close(CloseCode.VIOLATIONS, "too many malformed messages");
            }
        }
    }
}
