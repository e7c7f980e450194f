package dev.hubbub.access;

import dev.hubbub.config.Settings;
import dev.hubbub.protocol.Problem;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Tells whoever is refused at the door, by a problem (RFC 9457), and not at once: who knocks again as soon as there is an
 * answer costs others no more than they can spare. No thread waits meanwhile, and one thread sends what is due: however
 * many are refused, that takes no more than one core. Thread-safe.
 */
@Singleton
public class RefusalAnswers {
    private final long pauseMs;

    @Inject
    public RefusalAnswers(Settings settings) {
        pauseMs = settings.limits.enabled() ? settings.limits.refusalPauseMs() : 0;
    }

    /** Ends a request that is not asynchronous yet, now or later. */
    public void answer(ServletRequest request, HttpServletResponse response, Problem problem) throws IOException {
        answerAtOnce(response, problem);
        if (pauseMs > 0) {
            AsyncContext context = request.startAsync();
            context.setTimeout(0);
            completeLater(context);
        }
    }

    /**
     * Ends one that is, now or later.
     *
     * @throws IOException where nobody is there any more; it is completed all the same
     */
    public void answer(AsyncContext context, HttpServletResponse response, Problem problem) throws IOException {
        try {
            answerAtOnce(response, problem);
        } finally {
            if (pauseMs > 0) {
                completeLater(context);
            } else {
                context.complete();
            }
        }
    }

    /** Without a pause, and without ending it: for a fault that is not the client's. */
    public void answerAtOnce(HttpServletResponse response, Problem problem) throws IOException {
        response.setStatus(problem.status());
        problem.headers().forEach(response::setHeader);
        response.getOutputStream().write(problem.body()); // fits the container's buffer, and stays there until the end
    }

    private void completeLater(AsyncContext context) {
        Executor later = CompletableFuture.delayedExecutor(pauseMs, TimeUnit.MILLISECONDS, Runnable::run);
        later.execute(context::complete);
    }
}
