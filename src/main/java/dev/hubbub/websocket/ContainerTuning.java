package dev.hubbub.websocket;

import dev.hubbub.config.Settings;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.websocket.server.ServerContainer;
import java.util.List;
import org.eclipse.jetty.ee11.websocket.jakarta.common.JakartaWebSocketContainer;
import org.eclipse.jetty.util.DecoratedObjectFactory;
import org.eclipse.jetty.websocket.core.WebSocketExtensionRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets up the WebSocket container: no compression unless asked for, and no waiting of its own. */
public class ContainerTuning implements ServletContextListener {
    private static final Logger LOG = LoggerFactory.getLogger(ContainerTuning.class);
    /** Beyond the heartbeat, which ends silent connections first and says why. */
    private static final long SPARE_MS = 30_000;

    /** Looked up when it is used: a wrong one is told by the listener that runs first. */
    @Inject
    Instance<Settings> configured;

    @Inject
    Instance<Gateway> gateway;

    /**
     * Lets the container inject one endpoint of each class while nobody else asks: Weld's first injections of a class are
     * not safe in two threads at once, and would answer some of the first handshakes with 500.
     */
    private void warm(ServletContext context) {
        if (context.getAttribute(DecoratedObjectFactory.ATTR) instanceof DecoratedObjectFactory factory) {
            for (Object endpoint : List.of(new RoomEndpoint(gateway.get()), new EchoEndpoint())) {
                factory.destroy(factory.decorate(endpoint));
            }
        }
    }

    @Override
    public void contextInitialized(ServletContextEvent event) {
        Settings settings = configured.get();
        Object container = event.getServletContext().getAttribute(ServerContainer.class.getName());
        if (container instanceof ServerContainer server) {
            server.setDefaultMaxSessionIdleTimeout(settings.heartbeat.silenceMs() + SPARE_MS);
            server.setDefaultMaxTextMessageBufferSize(settings.limits.messageBytes());
        }
        boolean shared = gateway.get().sharesFrames();
        if (container instanceof JakartaWebSocketContainer jetty) {
            WebSocketExtensionRegistry extensions =
                    jetty.getWebSocketComponents().getExtensionRegistry();
            if (!settings.webSocket.compression()) {
                extensions.unregister("permessage-deflate");
            }
            if (shared) {
                extensions.register(WriteGate.NAME, WriteGate.class);
            }
        }
        warm(event.getServletContext());
        LOG.info("frames are written {}", shared ? "as shared bytes (jetty)" : "message by message (portable)");
    }
}
