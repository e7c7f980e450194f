package dev.hubbub.access;

import dev.hubbub.config.Settings;
import dev.hubbub.protocol.Problem;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Tells whoever is refused at the door, by a problem (RFC 9457), and not at once: who knocks again as soon as there is an
 * answer costs others no more than they can spare. No thread waits meanwhile. Thread-safe.
 */
@Singleton
public class RefusalAnswers {
    private final long pauseMs;

    @Inject
    public RefusalAnswers(Settings settings) {
        pauseMs = settings.limits.enabled() ? settings.limits.refusalPauseMs() : 0;
    }

    /**
     * Ends the request, now or later. What is asynchronous already is completed.
     *
     * @throws IOException where nobody is there any more; what is asynchronous is completed all the same
     */
    public void answer(HttpServletRequest request, HttpServletResponse response, Problem problem) throws IOException {
        try {
            response.setStatus(problem.status());
            problem.headers().forEach(response::setHeader);
            response.getOutputStream().write(problem.body()); // which fits the container's buffer, and stays there
        } finally {
            end(request);
        }
    }

    private void end(HttpServletRequest request) {
        if (pauseMs > 0) {
            AsyncContext context = async(request);
            Executor later = CompletableFuture.delayedExecutor(pauseMs, TimeUnit.MILLISECONDS, Runnable::run);
            later.execute(context::complete);
        } else if (request.isAsyncStarted()) {
            request.getAsyncContext().complete();
        }
    }

    private static AsyncContext async(HttpServletRequest request) {
        if (request.isAsyncStarted()) {
            return request.getAsyncContext();
        }
        AsyncContext context = request.startAsync();
        context.setTimeout(0);
        return context;
    }
}
