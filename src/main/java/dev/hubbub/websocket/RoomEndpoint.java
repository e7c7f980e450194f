package dev.hubbub.websocket;

import dev.hubbub.access.Caps;
import dev.hubbub.access.EntryThreads;
import dev.hubbub.access.LoginDeadlines;
import dev.hubbub.access.Pace;
import dev.hubbub.protocol.ClientMessage;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.Decoded;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Refusal;
import dev.hubbub.protocol.SessionFrames;
import dev.hubbub.session.Admission;
import dev.hubbub.session.FrameSink;
import dev.hubbub.session.Identity;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.nio.ByteBuffer;
import org.eclipse.jetty.websocket.core.exception.BadPayloadException;
import org.eclipse.jetty.websocket.core.exception.WebSocketException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /ws}: a two-way client. One instance for each connection; called by one thread at a time. The annotation says
 * where it is; its methods are those of {@link Endpoint} and of message handlers. Annotated ones Jetty would search for and
 * match with what they may take for each connection anew, and of a handle that is called often the JVM makes a class.
 */
@ServerEndpoint(value = "/ws", subprotocols = HandshakeFilter.PROTOCOL, configurator = EndpointFactory.class)
public class RoomEndpoint extends Endpoint implements MessageHandler.Whole<String>, MessageHandler.Partial<ByteBuffer> {
    private static final Logger LOG = LoggerFactory.getLogger(RoomEndpoint.class);

    private final Gateway gateway;
    private final Pace pace;
    private @Nullable FrameSink sink;
    /** Null until the client is known; written by whoever finds out. */
    private volatile dev.hubbub.session.@Nullable Session session;

    /** Taken in the handshake; null once the connection is gone, or told to close before anybody was known. */
    private volatile Caps.@Nullable Place place;
    /** Null for a client that is known from the start. */
    private LoginDeadlines.@Nullable Deadline deadline;

    RoomEndpoint(Gateway gateway) {
        this.gateway = gateway;
        this.pace = gateway.pace();
    }

    @Override
    public void onOpen(Session connection, EndpointConfig config) {
        Visitor visitor = (Visitor) connection.getUserPrincipal();
        place = visitor.place();
        connection.setMaxTextMessageBufferSize(gateway.settings.limits.messageBytes());
        sink = gateway.sink(connection, pace);
        connection.addMessageHandler(PongMessage.class, pong -> heard());
        connection.addMessageHandler(ByteBuffer.class, this);
        Identity known = visitor.takeIdentity();
        if (known != null) {
            connection.addMessageHandler(String.class, this);
            begin(known);
        } else {
            connection.addMessageHandler(String.class, text -> loginOrMessage(text, connection));
            deadline = gateway.logins.start(() -> refuseLogin("auth.login did not come in time"));
        }
    }

    private void begin(Identity identity) {
        if (sink == null) {
            return;
        }
        var opened = gateway.openings.open(identity, sink, begun -> session = begun);
        if (place == null) {
            // whoever took the place away may have come too early to see the session
            gateway.sessions.gone(opened, CloseReason.CloseCodes.CLOSED_ABNORMALLY.getCode());
        }
        gateway.sessions.kick();
    }

    private void refuseLogin(String why) {
        shut(CloseCode.UNAUTHENTICATED, why);
    }

    /** Closes the connection of a client that has no session, once; one that is under way ends at once. */
    private void shut(CloseCode code, String why) {
        if (leave() && sink != null) {
            sink.close(code, why);
        }
    }

    /** Whether it was still there. */
    private synchronized boolean leave() {
        boolean here = place != null;
        place = null;
        return here;
    }

    @Override
    public void onMessage(String text) {
        if (session != null) {
            if (!session.isClosed()) { // else the reason is on its way, behind answers, and nobody is left to answer
                gateway.dispatcher.handle(session, pace, text);
            }
        } else {
            shut(CloseCode.VIOLATIONS, "a message before session.opened");
        }
    }

    private void loginOrMessage(String text, Session connection) {
        if (session == null && mayLogIn()) {
            login(text, connection);
        } else {
            onMessage(text);
        }
    }

    /** Whether a client that has not said who it is may still do so: with its first message, in time. */
    private boolean mayLogIn() {
        return deadline != null && deadline.meet();
    }

    /** The first message of a client that has not said who it is: only {@code auth.login} counts. */
    private void login(String text, Session connection) {
        Decoded decoded = gateway.dispatcher.decode(text);
        String id = decoded instanceof Decoded.Valid v
                ? v.message().id()
                : decoded instanceof Decoded.Invalid i ? i.id() : null;
        if (!(decoded instanceof Decoded.Valid valid && valid.message() instanceof ClientMessage.Login login)) {
            refuseLogin(connection, id, Refusal.of(ErrorCode.UNAUTHENTICATED, "auth.login must come first"));
            return;
        }
        Caps.Place taken = place;
        String address = taken == null ? "" : taken.address();
        var unused = gateway.entrance.login(login.token(), address).thenAccept(admission -> {
            if (admission instanceof Admission.Admitted admitted) {
                enterOrFull(admitted.identity(), id, connection);
            } else if (admission instanceof Admission.Refused refused) {
                refuseLogin(connection, id, refused.refusal());
            }
        });
    }

    private void refuseLogin(Session connection, @Nullable String id, Refusal refusal) {
        CloseCode code = refusal.code() == ErrorCode.UNAUTHENTICATED
                ? CloseCode.UNAUTHENTICATED
                : refusal.code() == ErrorCode.PERMISSION_DENIED ? CloseCode.FORBIDDEN : CloseCode.FULL;
        refuse(connection, id, refusal, code);
    }

    private void refuse(Session connection, @Nullable String id, Refusal refusal, CloseCode code) {
        if (place != null) {
            tell(connection, id, refusal);
            shut(code, refusal.message());
        }
    }

    /** An error to a client that has no session yet; the close that follows it waits for it. */
    private static void tell(Session connection, @Nullable String id, Refusal refusal) {
        connection
                .getAsyncRemote()
                .sendText(SessionFrames.error(id, refusal).json(), result -> LOG.debug("told: {}", result.isOK()));
    }

    private void enterOrFull(Identity identity, @Nullable String id, Session connection) {
        if (!gateway.entryThreads.run(() -> enter(identity, id, connection))) {
            refuse(connection, id, EntryThreads.BUSY, CloseCode.FULL);
        }
    }

    private void enter(Identity identity, @Nullable String id, Session connection) {
        Caps.Place taken = place;
        if (taken == null) {
            return; // it has gone, or been told to close
        }
        Refusal refusal = taken.enter(identity);
        if (refusal == null) {
            begin(identity);
        } else {
            refuse(connection, id, refusal, CloseCode.FULL);
        }
    }

    @Override
    public void onMessage(ByteBuffer part, boolean last) {
        if (session != null) {
            session.close(CloseCode.WRONG_DATA, "binary messages are not understood here");
            gateway.sessions.kick();
        } else {
            mayLogIn();
            shut(CloseCode.WRONG_DATA, "binary messages are not understood here");
        }
    }

    private void heard() {
        if (session != null) {
            gateway.sessions.heard(session);
        }
    }

    @Override
    public void onClose(Session connection, CloseReason reason) {
        leave();
        if (deadline != null) {
            deadline.meet();
        }
        if (session != null) {
            gateway.sessions.gone(session, reason.getCloseCode().getCode());
            gateway.sessions.kick();
        }
        ((Visitor) connection.getUserPrincipal()).place().giveBack();
    }

    /**
     * The container has closed, or is about to, with the code that fits. What the peer or the network did is told by
     * that code; what this server did wrong is told here.
     */
    @Override
    public void onError(Session connection, Throwable cause) {
        String who = session == null ? "(not open)" : session.id().value();
        if (isOurs(cause)) {
            LOG.error("connection {} failed by a fault of this server", who, cause);
        } else {
            LOG.debug("connection {}: {}", who, cause.toString());
        }
    }

    /** Jetty wraps what an endpoint's method throws, which is unchecked, and tells the peer's faults by its own exceptions. */
    private static boolean isOurs(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null && !(root instanceof BadPayloadException)) {
            root = root.getCause();
        }
        return !(root instanceof WebSocketException) && (root instanceof RuntimeException || root instanceof Error);
    }
}
