package dev.hubbub.websocket;

import dev.hubbub.access.Caps;
import jakarta.websocket.CloseReason;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.ee11.websocket.jakarta.common.JakartaWebSocketSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /echo}: every message comes back as it was, up to 1 MiB. A client that does not read is closed. One instance for
 * each connection.
 */
@ServerEndpoint("/echo")
public class EchoEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(EchoEndpoint.class);
    private static final int LARGEST = 1024 * 1024;
    private static final int MOST_IN_FLIGHT = 64;

    private Caps.@Nullable Place place;

    @OnOpen
    public void open(Session session) {
        if (session.getUserPrincipal() instanceof Visitor visitor) {
            place = visitor.place();
        }
        session.setMaxTextMessageBufferSize(LARGEST);
        session.setMaxBinaryMessageBufferSize(LARGEST);
        if (session instanceof JakartaWebSocketSession jetty) {
            jetty.getCoreSession().setMaxOutgoingFrames(MOST_IN_FLIGHT);
        }
    }

    @OnMessage
    public void text(String text, Session session) {
        session.getAsyncRemote().sendText(text, result -> sent(result, session));
    }

    @OnMessage
    public void binary(ByteBuffer bytes, Session session) {
        ByteBuffer copy = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
        session.getAsyncRemote().sendBinary(copy, result -> sent(result, session));
    }

    private static void sent(SendResult result, Session session) {
        if (!result.isOK() && session.isOpen()) {
            try {
                session.close(new CloseReason(CloseReason.CloseCodes.getCloseCode(4204), "echoes are not read"));
            } catch (IOException e) {
                LOG.debug("no close", e);
            }
        }
    }

    @OnClose
    public void close() {
        if (place != null) {
            place.giveBack();
        }
    }

    @OnError
    public void error(Throwable cause) {
        LOG.debug("echo: {}", cause.toString());
    }
}
