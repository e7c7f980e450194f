package dev.hubbub.websocket;

import dev.hubbub.access.Entrance;
import dev.hubbub.access.LoginDeadlines;
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
import org.eclipse.jetty.websocket.core.Extension;
import org.eclipse.jetty.websocket.core.WebSocketCoreSession;

/** What every connection's endpoint needs; one for all of them. */
@Singleton
public class Gateway {
    final Dispatcher dispatcher;
    final Openings openings;
    final Sessions sessions;
    final Settings settings;
    final Entrance entrance;
    final LoginDeadlines logins;

    @Inject
    public Gateway(
            Dispatcher dispatcher,
            Openings openings,
            Sessions sessions,
            Settings settings,
            Entrance entrance,
            LoginDeadlines logins) {
        this.dispatcher = dispatcher;
        this.openings = openings;
        this.sessions = sessions;
        this.settings = settings;
        this.entrance = entrance;
        this.logins = logins;
    }

    Pace pace() {
        return new Pace(settings.limits);
    }

    /** Compressed frames cannot be shared, so compression needs the portable way. */
    boolean sharesFrames() {
        return !settings.webSocket.portable() && !settings.webSocket.compression();
    }

    FrameSink sink(Session session) {
        if (session instanceof JakartaWebSocketSession jetty
                && jetty.getCoreSession() instanceof WebSocketCoreSession core) {
            for (Extension extension : core.getExtensionStack().getExtensions()) {
                if (extension instanceof WriteGate gate) {
                    SelectorReads.use(core.getConnection());
                    return new JettyFrameSink(core, gate);
                }
            }
        }
        return new PortableFrameSink(session);
    }
}
