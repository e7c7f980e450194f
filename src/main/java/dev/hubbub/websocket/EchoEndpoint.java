package dev.hubbub.websocket;

import dev.hubbub.access.Caps;
import dev.hubbub.access.Echoes;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.session.Identity;
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
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /echo}: every message comes back as it was, up to 1 MiB. A client that does not read is closed, and so is one
 * whose credentials are no good any more. One instance for each connection.
 */
@ServerEndpoint(value = "/echo", configurator = EchoFactory.class)
public class EchoEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(EchoEndpoint.class);
    private static final int LARGEST = 1024 * 1024;
    private static final int MOST_IN_FLIGHT = 64;

    private final Echoes echoes;
    private Caps.@Nullable Place place;
    private Echoes.@Nullable Echo echo;

    EchoEndpoint(Echoes echoes) {
        this.echoes = echoes;
    }

    @OnOpen
    public void open(Session session) {
        if (session.getUserPrincipal() instanceof Visitor visitor) {
            place = visitor.place();
            Identity who = visitor.takeIdentity();
            if (who != null) {
                echo = echoes.open(who, new Line(session));
            }
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
            close(session, CloseCode.RATE_LIMIT, "echoes are not read");
        }
    }

    private static void close(Session session, CloseCode code, String reason) {
        try {
            session.close(new CloseReason(CloseReason.CloseCodes.getCloseCode(code.code()), reason));
        } catch (IOException e) {
            LOG.debug("no close", e);
        }
    }

    private record Line(Session session) implements Echoes.Line {
        @Override
        public void close(CloseCode code, String reason) {
            if (session instanceof JakartaWebSocketSession jetty) {
                jetty.getCoreSession().close(code.code(), reason, Callback.NOOP);
            } else {
                EchoEndpoint.close(session, code, reason);
            }
        }

        @Override
        public void abort() {
            if (session instanceof JakartaWebSocketSession jetty) {
                jetty.getCoreSession().abort();
            }
        }
    }

    @OnClose
    public void close() {
        if (echo != null) {
            echo.gone();
        }
        if (place != null) {
            place.giveBack();
        }
    }

    @OnError
    public void error(Throwable cause) {
        LOG.debug("echo: {}", cause.toString());
    }
}
