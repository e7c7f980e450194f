package dev.hubbub.ops;

import dev.hubbub.access.Refusals;
import dev.hubbub.config.Settings;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.nio.channels.WritePendingException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.Callback;

/**
 * Ends connections on which a request's line and headers are not complete in time: Jetty has only an idle time, which
 * each byte begins anew. One pass over the HTTP connections, no timer for each; what became a WebSocket is none of them
 * any more, and one that waits for its next request has all the time that the container gives it. Thread-safe.
 */
@Singleton
public class HeaderTimes implements Connection.Listener {
    /** RFC 9110, section 15.5.9. */
    private static final byte[] TIMEOUT =
            "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private static final Set<HttpParser.State> HEADERS =
            EnumSet.range(HttpParser.State.METHOD, HttpParser.State.HEADER);

    /**
     * So many are ended in a row, and then others have the core: those who come together are late together, and each keeps
     * the thread that reads for all busy as well.
     */
    private static final int ROW = 16;

    private static final long REST_NS = TimeUnit.MILLISECONDS.toNanos(1);
    /** No more than so many in one pass, however many are late: the thread has other things to do. */
    private static final int RESTS = 64;

    /** What was seen of one connection. The ticking thread's, but for what it begins with. */
    private static final class Watch {
        /** Requests and bytes that had come when last looked at. */
        private long requests;

        private long bytes;
        /** Whether it was at the start of a request then. */
        private boolean started;
        /** Since when its headers are waited for, in ms; 0 where they are not. */
        private long since;

        Watch(long opened) {
            since = opened;
        }
    }

    private final Map<HttpConnection, Watch> watched = new ConcurrentHashMap<>();
    private final Refusals refusals;
    private final Clock clock;
    private final long withinMs;
    /** Those that tell of their connections; set when the server starts. */
    private volatile List<Connector> connectors = List.of();

    @Inject
    public HeaderTimes(Settings settings, Refusals refusals, Clock clock) {
        this.refusals = refusals;
        this.clock = clock;
        this.withinMs = settings.limits.headerMs();
    }

    /** Watches all connections of the server that calls this while it starts the application. */
    void begin() {
        ContextHandler context = ContextHandler.getCurrentContextHandler();
        if (context != null) {
            connectors = List.of(context.getServer().getConnectors());
            connectors.forEach(connector -> connector.addEventListener(this));
        }
    }

    @PreDestroy
    void end() {
        connectors.forEach(connector -> connector.removeEventListener(this));
    }

    @Override
    public void onOpened(Connection connection) {
        if (connection instanceof HttpConnection http) {
            watched.put(http, new Watch(clock.millis()));
        }
    }

    @Override
    public void onClosed(Connection connection) {
        if (connection instanceof HttpConnection http) {
            watched.remove(http);
        }
    }

    /** Called once a second. */
    void tick() {
        int ended = 0;
        for (Map.Entry<HttpConnection, Watch> each : watched.entrySet()) {
            if (isLate(each.getKey(), each.getValue(), clock.millis())) {
                refuse(each.getKey());
                ended++;
                if (ended % ROW == 0 && ended / ROW <= RESTS) {
                    LockSupport.parkNanos(REST_NS);
                }
            }
        }
    }

    private void refuse(HttpConnection connection) {
        if (watched.remove(connection) == null) {
            return; // it has gone, or become a WebSocket, just now
        }
        refusals.count(Refusals.Reason.HEADER_TIME, connection.getEndPoint().getRemoteSocketAddress());
        end(connection);
    }

    /** Jetty counts a request when its headers are complete. */
    private boolean isLate(HttpConnection connection, Watch watch, long now) {
        long requests = connection.getMessagesIn();
        long bytes = connection.getBytesIn();
        HttpParser.State state = connection.getParser().getState();
        boolean starts = state == HttpParser.State.START;
        if (requests != watch.requests) {
            watch.since = 0;
        } else if (watch.since == 0 && (HEADERS.contains(state) || (starts && watch.started && bytes != watch.bytes))) {
            watch.since = now; // line ends may come before a request, and are no state
        }
        watch.requests = requests;
        watch.bytes = bytes;
        watch.started = starts;
        return watch.since > 0 && now - watch.since >= withinMs && (starts || HEADERS.contains(state));
    }

    private static void end(HttpConnection connection) {
        EndPoint endPoint = connection.getEndPoint();
        if (connection.getBytesIn() == 0) {
            endPoint.close(); // it has asked nothing, so there is nothing to answer
            return;
        }
        try {
            endPoint.write(Callback.from(endPoint::close), ByteBuffer.wrap(TIMEOUT));
        } catch (WritePendingException e) {
            endPoint.close();
        }
    }
}
