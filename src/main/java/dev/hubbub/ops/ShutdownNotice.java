package dev.hubbub.ops;

import dev.hubbub.cluster.Upkeep;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.session.Sessions;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.ShutdownThread;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes leave when the process is told to end: drains the node, waits until its clients are gone, and has what others
 * should know told then. It must come ahead of Jetty's own shutdown, which cuts the connections before it ends the
 * application; and it must not ask CDI for anything, which by then has ended too.
 */
public class ShutdownNotice implements ServletContextListener {
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(20);
    /** For the other nodes to see that this one is draining. */
    private static final long SEEN_MS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(ShutdownNotice.class);

    @Inject
    Instance<Sessions> sessions;

    @Inject
    Instance<Drain> drain;

    @Inject
    Instance<Upkeep> upkeep;

    private @Nullable Farewell farewell;

    @Override
    public void contextInitialized(ServletContextEvent event) {
        farewell = new Farewell(sessions.get(), drain.get(), upkeep.stream().toList());
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
        private final Drain drain;
        private final List<Upkeep> upkeep;
        /** It is said once: by the second time what says it has ended. */
        private boolean said;

        Farewell(Sessions sessions, Drain drain, List<Upkeep> upkeep) {
            this.sessions = sessions;
            this.drain = drain;
            this.upkeep = upkeep;
        }

        @Override
        protected void doStop() {
            boolean first = !said;
            said = true;
            if (first) {
                drain();
            }
            try {
                sessions.closeAll(CloseCode.RESTART, "the server restarts"); // who was being let in meanwhile
            } catch (RuntimeException e) {
                LOG.warn("not all clients are told that the server ends", e);
            }
            if (first) {
                upkeep.forEach(Farewell::end);
            }
        }

        /** Looks by itself: whether the ticker has ended by now is not known here. */
        private void drain() {
            CompletionStage<?> seen = drain.end();
            look();
            try {
                seen.toCompletableFuture().get(SEEN_MS, TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException e) {
                LOG.info("the other nodes were not told that this one ends");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            for (look(); !drain.isOver() && !Thread.currentThread().isInterrupted(); look()) {
                LockSupport.parkNanos(LOOK_NS);
            }
        }

        private void look() {
            try {
                drain.look();
            } catch (RuntimeException e) {
                LOG.warn("somebody was not sent elsewhere as should be", e);
            }
        }

        private static void end(Upkeep ending) {
            try {
                ending.end();
            } catch (RuntimeException e) {
                LOG.info("the others must find out that this node has ended", e);
            }
        }
    }
}
