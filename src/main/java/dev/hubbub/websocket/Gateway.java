package dev.hubbub.websocket;

import dev.hubbub.access.Caps;
import dev.hubbub.access.Door;
import dev.hubbub.access.Pace;
import dev.hubbub.config.Settings;
import dev.hubbub.dispatch.Dispatcher;
import dev.hubbub.dispatch.Openings;
import dev.hubbub.session.FrameSink;
import dev.hubbub.session.Sessions;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.websocket.Session;
import org.eclipse.jetty.ee11.websocket.jakarta.common.JakartaWebSocketSession;

/** What every connection's endpoint needs; one for all of them. */
@Singleton
public class Gateway {
    final Dispatcher dispatcher;
    final Openings openings;
    final Sessions sessions;
    final Settings settings;
    final Door door;
    final Caps caps;
    final LoginDeadlines logins;

    @Inject
    public Gateway(
            Dispatcher dispatcher,
            Openings openings,
            Sessions sessions,
            Settings settings,
            Door door,
            Caps caps,
            LoginDeadlines logins) {
        this.dispatcher = dispatcher;
        this.openings = openings;
        this.sessions = sessions;
        this.settings = settings;
        this.door = door;
        this.caps = caps;
        this.logins = logins;
    }

    Pace pace() {
        return new Pace(settings.limits);
    }

    /** Compressed frames cannot be shared, so compression needs the portable way. */
    FrameSink sink(Session session) {
        boolean portable = settings.webSocket.portable() || settings.webSocket.compression();
        return !portable && session instanceof JakartaWebSocketSession jetty
                ? new JettyFrameSink(jetty.getCoreSession())
                : new PortableFrameSink(session);
    }
}
