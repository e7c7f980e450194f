package dev.hubbub.sse;

import dev.hubbub.access.Caps;
import dev.hubbub.config.Settings;
import dev.hubbub.dispatch.Openings;
import dev.hubbub.protocol.JoinAnswer;
import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.RoomFrames;
import dev.hubbub.session.Session;
import dev.hubbub.session.Sessions;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Opens streams: a session whose rooms are joined by the server. */
@Singleton
public class EventStreams {
    private final Settings settings;
    private final Openings openings;
    private final Sessions sessions;
    private final Clock clock;

    @Inject
    public EventStreams(Settings settings, Openings openings, Sessions sessions, Clock clock) {
        this.settings = settings;
        this.openings = openings;
        this.sessions = sessions;
        this.clock = clock;
    }

    /** What outlives the request: its session, which is only known once the sink is. */
    private static final class Held {
        private volatile @Nullable Session session;
    }

    void open(AsyncContext context, HttpServletResponse response, Arrival arrival, Caps.Place place)
            throws IOException {
        response.setContentType("text/event-stream");
        response.setCharacterEncoding("UTF-8");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Accel-Buffering", "no");
        StreamCursor cursor = arrival.cursor();
        Held held = new Held();
        SseSink sink = new SseSink(
                context,
                response.getOutputStream(),
                new EventWriter(cursor),
                "retry: " + retry() + "\n\n",
                clock,
                settings.heartbeat.sseKeepaliveMs(),
                () -> gone(held, place));
        Session session = openings.openListening(arrival.identity(), sink);
        held.session = session;
        arrival.joinings().forEach(joining -> join(session, joining, cursor));
        response.getOutputStream().setWriteListener(sink);
        sessions.kick();
    }

    private void join(Session session, Joining joining, StreamCursor cursor) {
        openings.joinListening(session, joining.ask(), answer -> {
            cursor.move(joining.room(), before(answer));
            session.answer(RoomFrames.joined(answer, clock.millis()));
        });
    }

    /** The place before what follows. */
    private static Place before(JoinAnswer answer) {
        return new Place(answer.place().epoch(), answer.place().seq() - answer.replayed());
    }

    private long retry() {
        long base = settings.heartbeat.sseRetryMs();
        return base + ThreadLocalRandom.current().nextLong(base / 2 + 1);
    }

    private void gone(Held held, Caps.Place place) {
        Session session = held.session;
        if (session != null) {
            sessions.gone(session, 1006);
            sessions.kick();
        }
        place.giveBack();
    }
}
