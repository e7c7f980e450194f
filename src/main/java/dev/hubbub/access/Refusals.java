package dev.hubbub.access;

import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Refusal;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what was refused, and says so: of each reason a line every ten seconds at most, with how many there were, so that
 * whoever is refused cannot fill the log. Thread-safe.
 */
@Singleton
public class Refusals {
    /** Why somebody was refused something. */
    public enum Reason {
        /** Credentials that are none, or no good any more. */
        UNAUTHENTICATED,
        /** A page of an origin that may not connect, or a cookie that comes from none. */
        ORIGIN,
        /** A host name that a stranger may have made to point here, in development mode. */
        HOST,
        /** No right to what was asked. */
        PERMISSION,
        /** Requests that cannot be read, and connections that are closed for messages that cannot be. */
        MALFORMED,
        /** Requests whose line and headers do not come to an end. */
        HEADER_TIME,
        /** Requests whose body does not come to an end. */
        BODY_TIME,
        /** Large bodies that come in at once. */
        BATCHES,
        /** The same of one user. */
        USER_BATCHES,
        /** Large answers that are not read at once. */
        ANSWERS,
        /** The same of one user. */
        USER_ANSWERS,
        /** Answers that are not read in time. */
        ANSWER_TIME,
        /** Handshakes that come too fast from one address. */
        HANDSHAKE_RATE,
        /** Handshakes that come to this node faster than it lets people in. */
        NODE_HANDSHAKE_RATE,
        /** Connections of one address, one user, or the node. */
        CONNECTIONS,
        /** Messages of one connection, or requests of one user, that come too fast. */
        MESSAGE_RATE,
        /** Frames of one connection that are read no faster. */
        FRAME_RATE,
        /** Publishes of one user over all nodes. */
        PUBLISH_RATE,
        /** Rooms of one connection, or of one user. */
        ROOMS,
        /** Requests of one connection that wait for earlier ones. */
        WAITING,
        /** Streaming answers of one connection. */
        STREAMS,
        /** Bans of one room. */
        BANS,
        /** A team's own code that did not decide. */
        AUTHORIZER
    }

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
    private static final long EVERY_MS = 10_000;
    private static final int MOST_CHARACTERS = 200;

    private static final class Count {
        private final LongAdder all = new LongAdder();
        private final AtomicLong told = new AtomicLong(Long.MIN_VALUE / 2);
        private final LongAdder untold = new LongAdder();
    }

    private final Map<Reason, Count> counts = new EnumMap<>(Reason.class);
    private final Clock clock;

    @Inject
    public Refusals(Clock clock) {
        this.clock = clock;
        for (Reason reason : Reason.values()) {
            counts.put(reason, new Count());
        }
    }

    /** @param detail who and what, without credentials, of which only what is told is made a text; what is not fit for a line of a log is taken out */
    public void count(Reason reason, Object detail) {
        Count count = counts.get(reason);
        if (count == null) {
            return;
        }
        count.all.increment();
        count.untold.increment();
        long now = clock.millis();
        long before = count.told.get();
        if (now - before >= EVERY_MS && count.told.compareAndSet(before, now)) {
            String line = String.valueOf(detail).replaceAll("\\p{Cntrl}", "?");
            LOG.info(
                    "refused {} ({} since it was last said): {}",
                    reason,
                    count.untold.sumThenReset(),
                    line.length() > MOST_CHARACTERS ? line.substring(0, MOST_CHARACTERS) : line);
        }
    }

    /** Counts what is told of somebody's credentials. */
    void count(Refusal refusal) {
        if (refusal.code() == ErrorCode.UNAUTHENTICATED) {
            count(Reason.UNAUTHENTICATED, refusal.message());
        }
    }

    public long count(Reason reason) {
        Count count = counts.get(reason);
        return count == null ? 0 : count.all.sum();
    }
}
