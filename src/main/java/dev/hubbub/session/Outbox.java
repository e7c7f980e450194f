package dev.hubbub.session;

import dev.hubbub.protocol.Encoded;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one session is to be sent: answers, which go first, and behind them what its sources have, in the order in which
 * they became ready. Guarded by itself; a batch is filled by the session's loop alone, and sources are asked without the
 * lock.
 */
final class Outbox {
    private static final Source[] NONE = {};

    /** Null while empty: most of the time. */
    private @Nullable ArrayDeque<Encoded> answers;

    private @Nullable Source firstReady;
    private @Nullable Source lastReady;
    /** As many as there are: most sessions have two for all their life. */
    private Source[] sources = NONE;

    /** The client was not told yet who it is: nothing goes out before that. */
    private volatile boolean held = true;
    /** The session has ended: no more answers. */
    private volatile boolean ended;

    /** Takes an answer, unless so many wait already: then it returns false. Nobody is left to answer once it ended. */
    synchronized boolean answer(Encoded message, int most) {
        if (ended) {
            return true;
        }
        ArrayDeque<Encoded> own = answers();
        return own.size() < most && own.add(message);
    }

    private ArrayDeque<Encoded> answers() {
        ArrayDeque<Encoded> own = answers;
        if (own == null) {
            own = new ArrayDeque<>(4);
            answers = own;
        }
        return own;
    }

    /** Ends the hold with the first message of all. */
    synchronized void open(Encoded first) {
        if (!ended) {
            answers().addFirst(first);
            held = false;
        }
    }

    /** Takes no more answers; those that it has can still go out. False where it was so already. */
    synchronized boolean end() {
        boolean now = !ended;
        ended = true;
        return now;
    }

    /** What was not sent goes nowhere any more. */
    synchronized void drop() {
        answers = null;
    }

    boolean isEnded() {
        return ended;
    }

    synchronized void add(Source source) {
        Source[] more = Arrays.copyOf(sources, sources.length + 1);
        more[sources.length] = source;
        sources = more;
    }

    /** Whether it had it. */
    synchronized boolean remove(Source source) {
        for (int i = 0; i < sources.length; i++) {
            if (sources[i] == source) {
                Source[] fewer = Arrays.copyOf(sources, sources.length - 1);
                System.arraycopy(sources, i + 1, fewer, i, fewer.length - i);
                sources = fewer;
                return true;
            }
        }
        return false;
    }

    synchronized @Nullable Source find(String name, boolean stream) {
        for (Source source : sources) {
            if (source.isStream() == stream && source.name().equals(name)) {
                return source;
            }
        }
        return null;
    }

    /** As they are now. */
    synchronized List<Source> sources() {
        return List.of(sources);
    }

    /** Puts a source last in line, if it does not stand there. */
    synchronized void line(Source source) {
        if (!source.ready) {
            source.ready = true;
            if (lastReady == null) {
                firstReady = source;
            } else {
                lastReady.nextReady = source;
            }
            lastReady = source;
        }
    }

    /** Whether nothing is held back and nothing is in line: a source that comes now is the next. */
    synchronized boolean isIdle() {
        return !held && !ended && answers == null && firstReady == null;
    }

    /**
     * Puts into the batch what fits of a source that came while it was idle. What came in line meanwhile has put the
     * session in line, too.
     *
     * @return whether there is more
     */
    boolean fill(Batch batch, Source next) {
        boolean more = next.fill(batch);
        if (more) {
            line(next);
        }
        return more;
    }

    /**
     * Puts into the batch what fits.
     *
     * @return whether there is more
     */
    boolean fill(Batch batch) {
        if (held) {
            return false;
        }
        if (fillAnswers(batch)) {
            return true;
        }
        while (batch.room() > 0) {
            Source source = nextReady();
            if (source == null) {
                return false;
            }
            if (source.fill(batch)) {
                line(source);
                return true;
            }
        }
        return isReady();
    }

    /**
     * Puts in the answers alone.
     *
     * @return whether there are more
     */
    boolean fillAnswers(Batch batch) {
        if (held) {
            return false;
        }
        for (Encoded answer = firstAnswer(); answer != null; answer = firstAnswer()) {
            if (!batch.add(answer)) {
                return true;
            }
            removeAnswer();
        }
        return false;
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

    private synchronized @Nullable Source nextReady() {
        Source source = firstReady;
        if (source != null) {
            firstReady = source.nextReady;
            source.nextReady = null;
            source.ready = false;
            if (firstReady == null) {
                lastReady = null;
            }
        }
        return source;
    }

    private synchronized boolean isReady() {
        return firstReady != null;
    }
}
