package dev.hubbub.websocket;

import dev.hubbub.config.Settings;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.websocket.server.ServerContainer;
import org.eclipse.jetty.ee11.websocket.jakarta.common.JakartaWebSocketContainer;
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

    @Override
    public void contextInitialized(ServletContextEvent event) {
        Settings settings = configured.get();
        Object container = event.getServletContext().getAttribute(ServerContainer.class.getName());
        if (container instanceof ServerContainer server) {
            server.setDefaultMaxSessionIdleTimeout(settings.heartbeat.silenceMs() + SPARE_MS);
            server.setDefaultMaxTextMessageBufferSize(settings.limits.messageBytes());
        }
        if (container instanceof JakartaWebSocketContainer jetty && !settings.webSocket.compression()) {
            jetty.getWebSocketComponents().getExtensionRegistry().unregister("permessage-deflate");
        }
        boolean shared = !settings.webSocket.portable() && !settings.webSocket.compression();
        LOG.info("frames are written {}", shared ? "as shared bytes (jetty)" : "message by message (portable)");
    }
}
