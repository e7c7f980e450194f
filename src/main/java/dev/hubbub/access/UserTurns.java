package dev.hubbub.access;

import dev.hubbub.cluster.Unavailable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets a few of one user's questions be under way at once: the others wait in the order asked, and nobody but that user
 * waits for them. There is nothing here for whoever asks nothing. Thread-safe.
 */
final class UserTurns<T> {
    /** Of one user; more are refused. */
    private static final int MOST_WAITING = 1_000;

    private static final long RETRY_MS = 1_000;

    /** A question, and its answer. */
    private record Turn<T>(Supplier<CompletableFuture<T>> question, CompletableFuture<T> answer) {}

    /** Changed within the map's computations alone. */
    private static final class Own<T> {
        private final Deque<Turn<T>> waiting = new ArrayDeque<>();
        private int underWay;
    }

    private final ConcurrentHashMap<String, Own<T>> users = new ConcurrentHashMap<>();
    private final int atOnce;
    private final long patienceMs;

    /** @param patienceMs how long one may wait for its turn */
    UserTurns(int atOnce, long patienceMs) {
        this.atOnce = atOnce;
        this.patienceMs = patienceMs;
    }

    /** Asks once it is the question's turn. Fails with {@link Unavailable} where that does not come. */
    CompletableFuture<T> next(String user, Supplier<CompletableFuture<T>> question) {
        Turn<T> turn = new Turn<>(question, new CompletableFuture<>());
        CompletableFuture<Boolean> mayBegin = new CompletableFuture<>();
        users.compute(user, (u, before) -> {
            Own<T> own = before == null ? new Own<>() : before;
            if (own.underWay < atOnce) {
                own.underWay++;
                mayBegin.complete(true);
            } else if (own.waiting.size() < MOST_WAITING) {
                own.waiting.add(turn);
                mayBegin.complete(false);
            }
            return own;
        });
        if (!mayBegin.isDone()) {
            return CompletableFuture.failedFuture(new Unavailable("too many questions of one user", RETRY_MS));
        }
        if (mayBegin.join()) {
            begin(user, turn);
            return turn.answer;
        }
        return turn.answer.orTimeout(patienceMs, TimeUnit.MILLISECONDS);
    }

    /** One after the other, as long as they are answered at once. */
    private void begin(String user, @Nullable Turn<T> first) {
        for (Turn<T> turn = first; turn != null; turn = ended(user)) {
            if (turn.answer.isDone()) {
                continue; // it has waited too long
            }
            CompletableFuture<T> asked = ask(turn);
            Turn<T> asking = turn;
            if (!asked.isDone()) {
                var unused = asked.whenComplete((result, failure) -> {
                    settle(asking, result, failure);
                    begin(user, ended(user));
                });
                return;
            }
            var unused = asked.whenComplete((result, failure) -> settle(asking, result, failure));
        }
    }

    private CompletableFuture<T> ask(Turn<T> turn) {
        try {
            return turn.question.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void settle(Turn<T> turn, @Nullable T result, @Nullable Throwable failure) {
        if (failure == null) {
            turn.answer.complete(result);
        } else {
            turn.answer.completeExceptionally(failure);
        }
    }

    /** Gives one's place to the next; null where nobody waits. */
    private @Nullable Turn<T> ended(String user) {
        Deque<Turn<T>> next = new ArrayDeque<>(1);
        users.computeIfPresent(user, (u, own) -> {
            Turn<T> turn = own.waiting.poll();
            if (turn != null) {
                next.add(turn);
                return own;
            }
            return --own.underWay == 0 ? null : own;
        });
        return next.poll();
    }
}
