package dev.hubbub.sse;

import dev.hubbub.access.Caps;
import dev.hubbub.access.ClientAddress;
import dev.hubbub.access.Entrance;
import dev.hubbub.access.RefusalAnswers;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Problem;
import dev.hubbub.protocol.Refusal;
import dev.hubbub.session.DeliveryStats;
import jakarta.inject.Inject;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code GET /events}: checks what is asked for, and hands it to a stream. */
@WebServlet(urlPatterns = "/events", asyncSupported = true)
public class EventsServlet extends HttpServlet {
    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(EventsServlet.class);

    @Inject
    transient Entrance entrance;

    @Inject
    transient ClientAddress addresses;

    @Inject
    transient Caps caps;

    @Inject
    transient EventStreams streams;

    @Inject
    transient DeliveryStats stats;

    @Inject
    transient RefusalAnswers answers;

    /** A HEAD above all must open no stream: nothing is ever written to it, so it would never be found gone. */
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        if (request.getMethod().equals("GET")) {
            super.service(request, response);
        } else {
            response.setHeader("Allow", "GET");
            answers.answer(
                    request,
                    response,
                    Problem.of(HttpServletResponse.SC_METHOD_NOT_ALLOWED, Refusal.invalid("the path takes GET")));
        }
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        StreamRequest asked = StreamRequest.of(request);
        if (asked.lastEventId().startsWith(StreamCursor.END)) {
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            return;
        }
        if (asked.refusal() != null) {
            refuse(request, response, asked.refusal());
            return;
        }
        String address = addresses.of(request);
        Refusal early = entrance.check(request, address);
        if (early != null) {
            refuse(request, response, early);
            return;
        }
        Caps.Place place = caps.take(address);
        if (place.refusal() != null) {
            refuse(request, response, place.refusal());
            return;
        }
        AsyncContext context = request.startAsync();
        context.setTimeout(0); // whoever decides has a time of their own
        Arrival arrival = new Arrival(entrance, asked);
        CompletableFuture<@Nullable Refusal> decided =
                arrival.decide(request, place).toCompletableFuture();
        boolean atOnce = decided.isDone();
        var unused = decided.whenComplete((refusal, failure) -> {
            Runnable end = () -> end(context, response, arrival, place, refusal, failure);
            if (atOnce) {
                end.run();
            } else {
                context.start(end); // in a thread of the container's: those of who decides are few
            }
        });
    }

    private void end(
            AsyncContext context,
            HttpServletResponse response,
            Arrival arrival,
            Caps.Place place,
            @Nullable Refusal refusal,
            @Nullable Throwable failure) {
        if (refusal != null) {
            place.giveBack();
            refuse(context, response, refusal);
            return;
        }
        boolean open = false;
        try {
            if (failure != null) {
                throw new IllegalStateException(failure);
            }
            place.letIn();
            streams.open(context, response, arrival, place);
            open = true;
        } catch (IOException e) {
            LOG.debug("a stream found nobody", e);
        } catch (RuntimeException e) {
            LOG.error("a stream failed to open", e);
            fail(response);
        } finally {
            if (!open) {
                place.giveBack(); // given back once, whoever does it
                context.complete();
            }
        }
    }

    private void fail(HttpServletResponse response) {
        try {
            response.reset();
            stats.refusedHandshakes.increment();
            answers.answerAtOnce(response, Problem.of(Refusal.of(ErrorCode.INTERNAL, "the server failed at this")));
        } catch (IOException | IllegalStateException e) {
            LOG.debug("an answer found nobody", e);
        }
    }

    private void refuse(AsyncContext context, HttpServletResponse response, Refusal refusal) {
        stats.refusedHandshakes.increment();
        try {
            answers.answer(context, response, Problem.of(refusal));
        } catch (IOException | IllegalStateException e) {
            LOG.debug("an answer found nobody", e);
        }
    }

    private void refuse(HttpServletRequest request, HttpServletResponse response, Refusal refusal) throws IOException {
        stats.refusedHandshakes.increment();
        answers.answer(request, response, Problem.of(refusal));
    }
}
