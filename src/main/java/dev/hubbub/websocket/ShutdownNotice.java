package dev.hubbub.websocket;

import dev.hubbub.protocol.CloseCode;
import dev.hubbub.session.Sessions;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.ShutdownThread;
import org.jspecify.annotations.Nullable;

/**
 * Tells every client that the server restarts. It must come ahead of Jetty's own shutdown, which cuts the connections
 * before it ends the application; and it must not ask CDI for anything, which by then has ended too.
 */
public class ShutdownNotice implements ServletContextListener {
    /** For the close frames to go out and be answered; a client that does not read is not waited for any longer. */
    private static final int MOST_LOOKS = 200;

    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(10);

    @Inject
    Instance<Sessions> sessions;

    private @Nullable Farewell farewell;

    @Override
    public void contextInitialized(ServletContextEvent event) {
        farewell = new Farewell(sessions.get());
        try {
            farewell.start();
        } catch (Exception e) {
            throw new IllegalStateException("the shutdown's notice does not start", e);
        }
        ShutdownThread.register(0, farewell);
    }

    /** The application ends and the server goes on, or the shutdown has come here by itself. */
    @Override
    public void contextDestroyed(ServletContextEvent event) {
        if (farewell != null) {
            ShutdownThread.deregister(farewell);
            farewell.doStop();
        }
    }

    private static final class Farewell extends AbstractLifeCycle {
        private final Sessions sessions;

        Farewell(Sessions sessions) {
            this.sessions = sessions;
        }

        @Override
        protected void doStop() {
            sessions.closeAll(CloseCode.RESTART, "the server restarts");
            for (int looks = 0; looks < MOST_LOOKS && sessions.closing() > 0; looks++) {
                LockSupport.parkNanos(LOOK_NS);
            }
        }
    }
}
