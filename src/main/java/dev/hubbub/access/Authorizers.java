package dev.hubbub.access;

import dev.hubbub.cluster.Unavailable;
import dev.hubbub.config.Access;
import dev.hubbub.config.ConfigurationException;
import dev.hubbub.config.Settings;
import dev.hubbub.session.Identity;
import dev.hubbub.spi.RoomAuthorizer;
import dev.hubbub.spi.RoomAuthorizer.Decision;
import dev.hubbub.spi.RoomAuthorizer.Question;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a team's own code, where there is any, in threads of its own: whoever is slow there is waited for by nobody but
 * whoever asked, and one user's questions take a part of the threads alone. Thread-safe.
 */
@Singleton
public class Authorizers {
    private static final Logger LOG = LoggerFactory.getLogger(Authorizers.class);
    /** Questions that may wait for a thread. */
    private static final int MOST_WAITING = 1_000;

    /** Questions of one user that are under way at once, where there are threads enough for two users. */
    private static final int MOST_OF_ONE = 4;
    /** How many time-outs a question may wait for those that its user asked before. */
    private static final int PATIENCE = 10;

    private static final long RETRY_MS = 1_000;
    private static final long IDLE_S = 10;

    private final List<RoomAuthorizer> all;
    private final long timeoutMs;
    private final Refusals refusals;
    private final @Nullable ThreadPoolExecutor threads;
    private final UserTurns<Decision> turns;

    @Inject
    public Authorizers(Instance<RoomAuthorizer> beans, Settings settings, Refusals refusals) {
        this(beans.stream().toList(), settings, refusals);
        if (all.isEmpty() && settings.access.authorizers().required()) {
            throw new ConfigurationException(
                    "hubbub.authorizer.required", "true", "false, for the WAR has no bean of RoomAuthorizer");
        }
        LOG.info("authorizers of the team's own: {}", all.size());
    }

    /** For programs and tests that have no container. */
    public Authorizers(List<RoomAuthorizer> all, Settings settings, Refusals refusals) {
        this.all = List.copyOf(all);
        this.refusals = refusals;
        Access.Authorizers own = settings.access.authorizers();
        this.timeoutMs = own.timeoutMs();
        this.turns = new UserTurns<>(Math.max(1, Math.min(MOST_OF_ONE, own.threads() / 2)), PATIENCE * timeoutMs);
        this.threads = all.isEmpty() ? null : threads(own.threads());
    }

    private static ThreadPoolExecutor threads(int most) {
        var threads = new ThreadPoolExecutor(
                most, most, IDLE_S, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), task -> {
                    Thread thread = new Thread(task, "authorizers");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** Fails with {@link Unavailable} where one does not decide. */
    CompletableFuture<Decision> decide(Identity who, RoomAuthorizer.Action action, String room) {
        Question question =
                new Question(who.user().value(), who.name(), who.kind() == Identity.Kind.ANONYMOUS, action, room);
        return turns.next(question.user(), () -> ask(question)).exceptionallyCompose(failure -> {
            refusals.count(Refusals.Reason.AUTHORIZER, String.valueOf(failure));
            return CompletableFuture.failedFuture(new Unavailable("nobody could decide about this now", RETRY_MS));
        });
    }

    private CompletableFuture<Decision> ask(Question question) {
        CompletableFuture<Decision> decided = CompletableFuture.completedFuture(Decision.ABSTAIN);
        for (RoomAuthorizer one : all) {
            decided = decided.thenCombine(ask(one, question), Authorizers::stronger);
        }
        return decided;
    }

    /** One that is late is interrupted, and where it waits for a thread still, it is not asked any more. */
    private CompletableFuture<Decision> ask(RoomAuthorizer one, Question question) {
        if (threads == null) {
            return CompletableFuture.failedFuture(new IllegalStateException("there is nobody to ask"));
        }
        CompletableFuture<Decision> answer = new CompletableFuture<>();
        FutureTask<?> task = new FutureTask<>(() -> ask(one, question, answer), null);
        try {
            threads.execute(task);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
        return answer.orTimeout(timeoutMs, TimeUnit.MILLISECONDS).whenComplete((decision, failure) -> {
            if (failure instanceof TimeoutException) {
                task.cancel(true);
            }
        });
    }

    private static void ask(RoomAuthorizer one, Question question, CompletableFuture<Decision> answer) {
        try {
            var unused = one.decide(question).whenComplete((decision, failure) -> {
                if (failure == null) {
                    answer.complete(decision == null ? Decision.DENY : decision);
                } else {
                    answer.completeExceptionally(failure);
                }
            });
        } catch (RuntimeException | Error e) {
            answer.completeExceptionally(e);
        }
    }

    private static Decision stronger(Decision a, Decision b) {
        if (a == Decision.DENY || b == Decision.DENY) {
            return Decision.DENY;
        }
        return a == Decision.ALLOW ? a : b;
    }

    @PreDestroy
    void stop() {
        if (threads != null) {
            threads.shutdownNow();
        }
    }
}
