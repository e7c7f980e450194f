package dev.hubbub.websocket;

import dev.hubbub.config.Settings;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.websocket.Decoder;
import jakarta.websocket.Encoder;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpoint;
import org.eclipse.jetty.ee11.websocket.jakarta.common.JakartaWebSocketContainer;
import org.eclipse.jetty.util.DecoratedObjectFactory;
import org.eclipse.jetty.util.Decorator;
import org.eclipse.jetty.websocket.core.Extension;
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
            if (gateway.get().hasGates()) {
                extensions.register(WriteGate.NAME, WriteGate.class);
            }
        }
        if (event.getServletContext().getAttribute(DecoratedObjectFactory.ATTR) instanceof DecoratedObjectFactory all) {
            all.setDecorators(
                    all.getDecorators().stream().map(ButConnections::new).toList());
        }
        LOG.info("frames are written {}", shared ? "as shared bytes (jetty)" : "message by message (portable)");
    }

    /**
     * What is made for each connection, endpoints, extensions and the container's own decoders, needs nothing injected.
     * Weld, asked to look in each, keeps what it knows of their classes behind weak references, and fails handshakes
     * (500, 400, or 1011 behind it) when two threads ask first or memory is short.
     */
    private record ButConnections(Decorator decorator) implements Decorator {
        private static boolean isOfConnection(Object object) {
            return object instanceof Extension
                    || object instanceof Decoder
                    || object instanceof Encoder
                    || object.getClass().isAnnotationPresent(ServerEndpoint.class);
        }

        @Override
        public <T> T decorate(T object) {
            return isOfConnection(object) ? object : decorator.decorate(object);
        }

        @Override
        public void destroy(Object object) {
            if (!isOfConnection(object)) {
                decorator.destroy(object);
            }
        }
    }
}
