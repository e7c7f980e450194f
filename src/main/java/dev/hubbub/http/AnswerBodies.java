package dev.hubbub.http;

import dev.hubbub.access.AnswerBudget;
import dev.hubbub.access.ByteBudget;
import dev.hubbub.access.ClientAddress;
import dev.hubbub.access.Refusals;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.Refusal;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes answers, and no thread waits for their readers: what is larger than the container's buffer goes as it is read. Such
 * bodies have a time in all, and what they hold is limited, for each user and for all together. Thread-safe.
 */
@Singleton
public class AnswerBodies {
    /** Of each response: what is smaller goes when its request is over, and what fills it at once. */
    static final int BUFFER_BYTES = 8 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(AnswerBodies.class);

    private final AnswerBudget budget;
    private final ClientAddress addresses;
    private final Refusals refusals;
    private final long answerMs;

    @Inject
    public AnswerBodies(Settings settings, AnswerBudget budget, ClientAddress addresses, Refusals refusals) {
        this.budget = budget;
        this.addresses = addresses;
        this.refusals = refusals;
        answerMs = settings.limits.answerMs();
    }

    static boolean isSmall(Answer answer) {
        return answer.body().length < BUFFER_BYTES;
    }

    /** Answers, but for the end of the request. */
    static void writeSmall(HttpServletResponse response, Answer answer) throws IOException {
        begin(response, answer);
        response.getOutputStream().write(answer.body());
    }

    /** Answers a call, and ends its request once all of it is read. */
    void write(AsyncContext context, HttpServletResponse response, Call call, Answer answer) {
        if (isSmall(answer)) {
            writeSmallAndEnd(context, response, answer);
            return;
        }
        ByteBudget.Share share = budget.share(call.who(), call.address());
        if (!call.isRead()) {
            share.force(answer.body().length); // what is done is told: refused, it would be done again
        }
        write(context, response, share, call.address(), answer);
    }

    /** Answers what operators ask, who have no credentials. */
    public void writeToOperators(
            HttpServletRequest request,
            HttpServletResponse response,
            int status,
            Map<String, String> headers,
            byte[] body)
            throws IOException {
        Answer answer = new Answer(status, headers, body);
        if (isSmall(answer)) {
            writeSmall(response, answer);
            return;
        }
        AsyncContext context = request.startAsync();
        context.setTimeout(0); // it has a time of its own
        String address = addresses.of(request);
        write(context, response, budget.shareOfOperators(address), address, answer);
    }

    private void write(
            AsyncContext context, HttpServletResponse response, ByteBudget.Share share, String address, Answer answer) {
        Refusal refusal = share.grow(answer.body().length);
        if (refusal != null) {
            writeSmallAndEnd(context, response, Answer.refused(refusal));
            return;
        }
        Body body = new Body(response, answer.body());
        var unused = body.ended
                .completeOnTimeout(End.LATE, answerMs, TimeUnit.MILLISECONDS)
                .whenComplete((end, failure) -> {
                    share.giveBack();
                    if (end == End.LATE) {
                        refusals.count(Refusals.Reason.ANSWER_TIME, address);
                    }
                    complete(context);
                });
        try {
            begin(response, answer);
            response.setContentLength(answer.body().length);
            response.getOutputStream().setWriteListener(body);
        } catch (IOException | RuntimeException e) {
            body.onError(e);
        }
    }

    private static void writeSmallAndEnd(AsyncContext context, HttpServletResponse response, Answer answer) {
        try {
            writeSmall(response, answer);
        } catch (IOException | RuntimeException e) {
            LOG.debug("an answer found nobody", e);
        } finally {
            complete(context);
        }
    }

    private static void begin(HttpServletResponse response, Answer answer) {
        response.setStatus(answer.status());
        answer.headers().forEach(response::setHeader);
    }

    /** The container may have ended it itself, where its client is gone. */
    private static void complete(AsyncContext context) {
        try {
            context.complete();
        } catch (IllegalStateException e) {
            LOG.debug("a request was over before its answer", e);
        }
    }

    /** How the reading of a body ended. */
    private enum End {
        WHOLE,
        LATE,
        BROKEN
    }

    /** The container calls it one call at a time. */
    private static final class Body implements WriteListener {
        private final HttpServletResponse response;
        private final byte[] bytes;
        private final CompletableFuture<End> ended = new CompletableFuture<>();
        private boolean written;

        Body(HttpServletResponse response, byte[] bytes) {
            this.response = response;
            this.bytes = bytes;
        }

        @Override
        public void onWritePossible() throws IOException {
            ServletOutputStream out = response.getOutputStream();
            while (!ended.isDone() && out.isReady()) {
                if (written) {
                    ended.complete(End.WHOLE);
                    return;
                }
                written = true;
                out.write(bytes);
            }
        }

        @Override
        public void onError(Throwable failure) {
            LOG.debug("an answer found nobody", failure);
            ended.complete(End.BROKEN);
        }
    }
}
