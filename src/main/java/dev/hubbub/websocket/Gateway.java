package dev.hubbub.websocket;

import dev.hubbub.access.Entrance;
import dev.hubbub.access.EntryThreads;
import dev.hubbub.access.LoginDeadlines;
import dev.hubbub.access.Pace;
import dev.hubbub.access.Refusals;
import dev.hubbub.config.Settings;
import dev.hubbub.dispatch.Dispatcher;
import dev.hubbub.dispatch.Openings;
import dev.hubbub.session.FrameSink;
import dev.hubbub.session.Sessions;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.websocket.Session;
import org.eclipse.jetty.ee11.websocket.jakarta.common.JakartaWebSocketSession;
import org.eclipse.jetty.websocket.core.Extension;
import org.eclipse.jetty.websocket.core.WebSocketCoreSession;

/** What every connection's endpoint needs; one for all of them. */
@Singleton
public class Gateway {
    /** Characters that Jetty sets aside for a text before it comes: most are shorter, and longer ones make it grow. */
    private static final int USUAL_TEXT = 256;

    final Dispatcher dispatcher;
    final Openings openings;
    final Sessions sessions;
    final Settings settings;
    final Entrance entrance;
    final LoginDeadlines logins;
    final EntryThreads entryThreads;
    private final ReadingLane lane;

    private final Reading reading;

    @Inject
    public Gateway(
            Dispatcher dispatcher,
            Openings openings,
            Sessions sessions,
            Settings settings,
            Entrance entrance,
            LoginDeadlines logins,
            EntryThreads entryThreads,
            Refusals refusals) {
        this.dispatcher = dispatcher;
        this.openings = openings;
        this.sessions = sessions;
        this.settings = settings;
        this.entrance = entrance;
        this.logins = logins;
        this.entryThreads = entryThreads;
        this.lane = ReadingLane.of(settings.delivery.loops(), settings.limits.enabled());
        this.reading = new Reading(FramePace.of(settings.limits, refusals), lane::later);
    }

    @PreDestroy
    void stop() {
        lane.stop();
    }

    Pace pace() {
        return new Pace(settings.limits);
    }

    /** Compressed frames cannot be shared, so compression needs the portable way. */
    boolean sharesFrames() {
        return !settings.webSocket.portable() && !settings.webSocket.compression();
    }

    /** Whether connections have a gate: where nothing of Jetty's own may be used they have none. */
    boolean hasGates() {
        return !settings.webSocket.portable();
    }

    /** @param pace what is refused of the connection's messages */
    FrameSink sink(Session session, Pace pace) {
        if (session instanceof JakartaWebSocketSession jetty
                && jetty.getCoreSession() instanceof WebSocketCoreSession core) {
            expectUsualTexts(core);
            for (Extension extension : core.getExtensionStack().getExtensions()) {
                if (extension instanceof WriteGate gate) {
                    gate.begin(reading, pace);
                    if (sharesFrames()) {
                        SelectorReads.use(core.getConnection(), gate, lane);
                        return new JettyFrameSink(gate, core.getConnection().getEndPoint());
                    }
                }
            }
        }
        return new PortableFrameSink(session);
    }

    /** One size is for both: what is read at a time, and what each text is given at first. Only the latter is to be less. */
    private static void expectUsualTexts(WebSocketCoreSession core) {
        int read = core.getConnection().getInputBufferSize();
        core.setInputBufferSize(USUAL_TEXT);
        core.getConnection().setInputBufferSize(read);
    }
}
