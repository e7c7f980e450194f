package dev.hubbub.session;

import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.Encoded;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connected client: who it is, whether it lives, and its turns in its delivery loop. Its outbox is asked only
 * when the last write is done, so a client that does not read costs no more than one that does. It has no lock of its
 * own; delivery runs in the session's loop, one thread at a time.
 */
public final class Session extends DeliveryLoop.Task {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);

    private final ConnectionId id;
    private final FrameSink sink;
    private final Sessions owner;
    private final int loop;
    private final long openedAt;
    private volatile Identity identity;

    private final Outbox outbox = new Outbox();
    private final Write write = new Write(this);

    /** When the client was last heard, in ms; written by its transport's thread. */
    private volatile long heardAt;

    Session(ConnectionId id, Identity identity, FrameSink sink, Sessions owner, int loop, long now) {
        this.id = id;
        this.identity = identity;
        this.sink = sink;
        this.owner = owner;
        this.loop = loop;
        this.openedAt = now;
        this.heardAt = now;
    }

    public ConnectionId id() {
        return id;
    }

    public Identity identity() {
        return identity;
    }

    /** The same user with newer credentials. */
    public void identity(Identity renewed) {
        identity = renewed;
    }

    /** When it was opened, in ms since the epoch. */
    public long openedAt() {
        return openedAt;
    }

    /** The number of its delivery loop. */
    public int loop() {
        return loop;
    }

    public boolean isClosed() {
        return outbox.isEnded();
    }

    /** Whether its last write did not complete at once: it takes less than it is sent. For its own loop alone. */
    public boolean isLagging() {
        return write.isLagging();
    }

    public void heard(long now) {
        heardAt = now;
    }

    /** Queues an answer, ahead of room data. A client that asks without reading answers is closed with 4204. */
    public void answer(Encoded message) {
        if (outbox.answer(message, owner.mostAnswers())) {
            owner.loop(loop).add(this);
        } else {
            close(CloseCode.RATE_LIMIT, "answers are not read");
        }
    }

    /** The first message of all, before which nothing goes out; nothing is sent before the loop is kicked. */
    public void open(Encoded first) {
        outbox.open(first);
        owner.loop(loop).add(this);
    }

    /** Adds a source; it must be made ready to be asked. */
    public void add(Source source) {
        outbox.add(source);
    }

    /** Whether it had it. */
    public boolean remove(Source source) {
        return outbox.remove(source);
    }

    public @Nullable Source source(String name, boolean stream) {
        return outbox.find(name, stream);
    }

    /** Its sources as they are now. */
    public List<Source> sources() {
        return outbox.sources();
    }

    /** A source may have something: puts it and the session in line. Nothing is sent before the loop is kicked. */
    public void ready(Source source) {
        outbox.line(source);
        owner.loop(loop).add(this);
    }

    /** As {@link #ready}, and sends what there is; for the session's own loop alone. */
    public void serve(Source source, Batch batch) {
        boolean first = outbox.isIdle() && !write.isInFlight();
        if (!first) {
            outbox.line(source);
        }
        try {
            if (first ? send(batch, outbox.fill(batch, source)) : run(batch)) {
                owner.loop(loop).add(this);
            }
        } catch (RuntimeException | Error e) {
            LOG.error("delivery to connection {} failed", id, e);
            batch.clear();
            failed(e); // whoever is served next by the same task must not notice
        }
    }

    /** Has the loop give it a turn soon. The caller holds no lock. */
    void wake() {
        DeliveryLoop own = owner.loop(loop);
        own.add(this);
        own.kick();
    }

    @Override
    protected int weight() {
        return 1;
    }

    @Override
    protected void failed(Throwable cause) {
        close(CloseCode.SERVER_FAULT, "delivery failed");
    }

    /** Sends one batch, and says whether there is more and the transport takes it. */
    @Override
    protected boolean run(Batch batch) {
        return !write.isInFlight() && !isClosed() && send(batch, outbox.fill(batch));
    }

    private boolean send(Batch batch, boolean more) {
        if (batch.isEmpty()) {
            return more;
        }
        owner.count(batch);
        try {
            return write.begin(sink, batch, owner.now()) && more;
        } finally {
            batch.clear();
        }
    }

    /**
     * Ends the session, telling the client why; the first reason counts. Where answers wait to be sent, the client is told behind
     * them, and as they not before the loop is kicked.
     */
    public void close(CloseCode code, String reason) {
        if (owner.closing(this, code) && !owner.loop(loop).addBehind(new Farewell(code, reason))) {
            tellEnd(code, reason);
        }
    }

    /** As {@link #close}, and at once: what waits is not sent any more. */
    void cut(CloseCode code, String reason) {
        if (owner.closing(this, code)) {
            tellEnd(code, reason);
        }
    }

    private void tellEnd(CloseCode code, String reason) {
        outbox.drop();
        sink.close(code, reason);
    }

    /** What ends it: the answers that are left, unless it takes none, then why. */
    private final class Farewell extends DeliveryLoop.Task {
        private final CloseCode code;
        private final String reason;

        Farewell(CloseCode code, String reason) {
            this.code = code;
            this.reason = reason;
        }

        @Override
        protected boolean run(Batch batch) {
            boolean more = !write.isInFlight() && send(batch, outbox.fillAnswers(batch));
            if (!more) {
                tellEnd(code, reason);
            }
            return more;
        }

        @Override
        protected int weight() {
            return 1;
        }

        @Override
        protected void failed(Throwable cause) {
            tellEnd(code, reason);
        }
    }

    /** Marks it as ended; false where it was already. */
    boolean end() {
        return outbox.end();
    }

    /** Cuts the connection off. */
    void abort() {
        sink.abort();
    }

    /** Pings it, or ends it where it was silent or took nothing for too long. */
    void tick(long now, boolean ping, long silenceMs, long writeDeadlineMs, long expiryGraceMs) {
        long expiresAt = identity.expiresAt();
        if (expiresAt > 0 && now - expiresAt > expiryGraceMs) {
            close(CloseCode.TOKEN_EXPIRED, "the token has expired");
        } else if (write.isOverdue(now, writeDeadlineMs)) {
            close(CloseCode.TOO_SLOW, "nothing was read for " + writeDeadlineMs + " ms");
        } else if (sink.answersPings() && now - heardAt > silenceMs) {
            close(CloseCode.NO_SIGN_OF_LIFE, "nothing was heard for " + silenceMs + " ms");
        } else {
            sink.tick(now, ping);
        }
    }
}
