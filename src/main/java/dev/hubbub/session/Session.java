package dev.hubbub.session;

import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.Encoded;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connected client. Answers wait in a small queue and go first; everything else is pulled from the sources when the
 * last write is done, so a client that does not read costs no more than one that does. Fields are guarded by this where
 * nothing else is said; delivery itself runs in the session's loop, one thread at a time.
 */
public final class Session extends DeliveryLoop.Task {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);

    private final ConnectionId id;
    private final FrameSink sink;
    private final Sessions owner;
    private final int loop;
    private final long openedAt;
    private volatile Identity identity;

    /** Null while empty: most of the time. */
    private @Nullable ArrayDeque<Encoded> answers;

    private final Sources sources = new Sources();

    /** It was not told yet who it is: nothing goes out before that. */
    private volatile boolean held;

    /** Set by the loop before a write, cleared by whoever completes it. */
    private volatile boolean writing;

    /** The thread that is within {@code sink.write}; a completion that it makes needs no new turn. */
    private volatile @Nullable Thread writer;

    private volatile long writingSince;
    private volatile boolean lagging;
    private volatile boolean closed;
    /** When the client was last heard, in ms; written by its transport's thread. */
    private volatile long heardAt;

    private final FrameSink.Completion completion = new FrameSink.Completion() {
        @Override
        public void written() {
            writing = false;
            if (writer != Thread.currentThread()) {
                wake();
            }
        }

        @Override
        public void failed(Throwable cause) {
            if (!closed) {
                sink.abort(); // one that is closing is cut off when its time is over, not before its reason is sent
            }
        }
    };

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
        return closed;
    }

    /** Whether its last write did not complete at once: it takes less than it is sent. */
    public boolean isLagging() {
        return lagging;
    }

    public void heard(long now) {
        heardAt = now;
    }

    /** Queues an answer, ahead of room data. A client that asks without reading answers is closed with 4204. */
    public void answer(Encoded message) {
        boolean full;
        synchronized (this) {
            if (closed) {
                return;
            }
            if (answers == null) {
                answers = new ArrayDeque<>(4);
            }
            full = answers.size() >= owner.mostAnswers();
            if (!full) {
                answers.add(message);
            }
        }
        if (full) {
            close(CloseCode.RATE_LIMIT, "answers are not read");
        } else {
            owner.loop(loop).add(this);
        }
    }

    /** Lets nothing go out before {@link #open}. */
    public void hold() {
        held = true;
    }

    /** Ends the hold with the first message of all; nothing is sent before the loop is kicked. */
    public void open(Encoded first) {
        synchronized (this) {
            if (closed) {
                return;
            }
            if (answers == null) {
                answers = new ArrayDeque<>(4);
            }
            answers.addFirst(first);
            held = false;
        }
        owner.loop(loop).add(this);
    }

    /** Adds a source; it must be made ready to be asked. */
    public void add(Source source) {
        sources.add(source);
    }

    /** Whether it had it. */
    public boolean remove(Source source) {
        return sources.remove(source);
    }

    public @Nullable Source source(String name, boolean stream) {
        return sources.find(name, stream);
    }

    /** Its sources as they are now. */
    public List<Source> sources() {
        return sources.all();
    }

    /** A source may have something: puts it and the session in line. Nothing is sent before the loop is kicked. */
    public void ready(Source source) {
        sources.line(source);
        owner.loop(loop).add(this);
    }

    /** As {@link #ready}, and sends what there is; for the session's own loop alone. */
    public void serve(Source source, Batch batch) {
        sources.line(source);
        try {
            if (!writing && run(batch)) {
                owner.loop(loop).add(this);
            }
        } catch (RuntimeException | Error e) {
            LOG.error("delivery to connection {} failed", id, e);
            batch.clear();
            failed(e); // whoever is served next by the same task must not notice
        }
    }

    private void wake() {
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
        if (writing || closed || held) {
            return false;
        }
        boolean more = fill(batch);
        if (closed) {
            batch.clear(); // a source gave it up: nothing goes out behind the close
            return false;
        }
        if (batch.isEmpty()) {
            return more;
        }
        writing = true;
        writingSince = owner.now();
        writer = Thread.currentThread();
        owner.count(batch);
        try {
            sink.write(batch, completion);
        } finally {
            writer = null;
            batch.clear();
        }
        lagging = writing;
        if (writing) {
            return false;
        }
        return more;
    }

    private boolean fill(Batch batch) {
        for (Encoded answer = firstAnswer(); answer != null; answer = firstAnswer()) {
            if (!batch.add(answer)) {
                return true;
            }
            removeAnswer();
        }
        while (batch.room() > 0) {
            Source source = sources.nextReady();
            if (source == null) {
                return false;
            }
            if (source.fill(batch)) {
                sources.line(source);
                return true;
            }
        }
        return sources.isReady();
    }

    private synchronized @Nullable Encoded firstAnswer() {
        return answers == null ? null : answers.peek();
    }

    private synchronized void removeAnswer() {
        if (answers != null) {
            answers.poll();
            if (answers.isEmpty()) {
                answers = null;
            }
        }
    }

    /** Ends the session, telling the client why; the first reason counts. */
    public void close(CloseCode code, String reason) {
        if (owner.closing(this, code)) {
            sink.close(code, reason);
        }
    }

    /** Marks it as ended; false where it was already. */
    synchronized boolean end() {
        boolean first = !closed;
        closed = true;
        answers = null;
        return first;
    }

    void abort() {
        sink.abort();
    }

    /** Pings it, or ends it where it was silent or took nothing for too long. */
    void tick(long now, boolean ping, long silenceMs, long writeDeadlineMs) {
        if (writing && now - writingSince > writeDeadlineMs) {
            close(CloseCode.TOO_SLOW, "nothing was read for " + writeDeadlineMs + " ms");
        } else if (sink.answersPings() && now - heardAt > silenceMs) {
            close(CloseCode.NO_SIGN_OF_LIFE, "nothing was heard for " + silenceMs + " ms");
        } else {
            sink.tick(now, ping);
        }
    }
}
