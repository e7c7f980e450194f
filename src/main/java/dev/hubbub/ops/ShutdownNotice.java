package dev.hubbub.ops;

import dev.hubbub.cluster.ClusterHealth;
import dev.hubbub.cluster.Nodes;
import dev.hubbub.cluster.Upkeep;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.session.Sessions;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.util.List;
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
 * Takes leave: tells the other nodes that this one ends, then every client that the server restarts, and has what others
 * should know told when those are gone. It must come ahead of Jetty's own shutdown, which cuts the connections
 * before it ends the application; and it must not ask CDI for anything, which by then has ended too.
 */
public class ShutdownNotice implements ServletContextListener {
    /** For the close frames to go out and be answered; a client that does not read is not waited for any longer. */
    private static final int MOST_LOOKS = 200;

    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(10);
    /** For the other nodes to see that this one is draining. */
    private static final long DRAIN_MS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(ShutdownNotice.class);

    @Inject
    Instance<Sessions> sessions;

    @Inject
    Instance<Nodes> nodes;

    @Inject
    Instance<Upkeep> upkeep;

    @Inject
    Instance<ClusterHealth> health;

    private @Nullable Farewell farewell;

    @Override
    public void contextInitialized(ServletContextEvent event) {
        farewell = new Farewell(
                sessions.get(), nodes.get(), health.get(), upkeep.stream().toList());
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
        private final Nodes nodes;
        private final ClusterHealth health;
        private final List<Upkeep> upkeep;
        /** It is said once: by the second time what says it has ended. */
        private boolean said;

        Farewell(Sessions sessions, Nodes nodes, ClusterHealth health, List<Upkeep> upkeep) {
            this.sessions = sessions;
            this.nodes = nodes;
            this.health = health;
            this.upkeep = upkeep;
        }

        private void drain() {
            try {
                nodes.drain().toCompletableFuture().get(DRAIN_MS, TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException e) {
                LOG.info("the other nodes were not told that this one ends");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        protected void doStop() {
            boolean first = !said;
            said = true;
            health.end();
            if (first) {
                drain();
            }
            sessions.closeAll(CloseCode.RESTART, "the server restarts");
            for (int looks = 0; looks < MOST_LOOKS && sessions.closing() > 0; looks++) {
                LockSupport.parkNanos(LOOK_NS);
            }
            if (first) {
                sessions.closeAll(CloseCode.RESTART, "the server restarts"); // who was being let in meanwhile
                upkeep.forEach(Farewell::end);
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
