package dev.hubbub.websocket;

import java.lang.reflect.Field;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a connection's frames be read by the selector's own thread. Jetty takes every endpoint for one that may block,
 * and so wakes a second thread for each arrival and the selector once more afterwards; ours never blocks. Jetty has a
 * non-blocking kind of connection but no way to make a WebSocket one of it, hence the private fields. Where they cannot be
 * set, everything works as before, only with the hops.
 */
final class SelectorReads {
    private static final Logger LOG = LoggerFactory.getLogger(SelectorReads.class);
    private static final String ARRIVAL = "_fillableCallback";
    private static final String EXECUTOR = "_executor";

    private SelectorReads() {}

    /** Holds for every arrival after the one that is being handled; what is not read at once is read in the lane. */
    static void use(AbstractConnection connection, PacedReads reads, ReadingLane lane) {
        set(connection, EXECUTOR, lane);
        set(connection, ARRIVAL, new NonBlocking(connection, reads));
    }

    private static void set(AbstractConnection connection, String name, Object value) {
        try {
            Field field = AbstractConnection.class.getDeclaredField(name);
            field.setAccessible(true);
            field.set(connection, value);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.debug("reads stay with the thread pool", e);
        }
    }

    private record NonBlocking(AbstractConnection connection, PacedReads reads) implements Callback {
        @Override
        public void succeeded() {
            reads.beginTurn();
            connection.onFillable();
        }

        @Override
        public void failed(Throwable cause) {
            connection.onFillInterestedFailed(cause);
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    }
}
