package dev.hubbub.http;

import static java.util.concurrent.CompletableFuture.completedFuture;

import dev.hubbub.access.ClientAddress;
import dev.hubbub.access.Entrance;
import dev.hubbub.access.RefusalAnswers;
import dev.hubbub.cluster.Unavailable;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Problem;
import dev.hubbub.session.Admission;
import dev.hubbub.session.Identity;
import dev.hubbub.session.Sessions;
import jakarta.inject.Inject;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /api/v1/…}: finds out who asks, lets the call be answered, and writes the answer. */
@WebServlet(value = "/api/v1/*", asyncSupported = true)
public class ApiServlet extends HttpServlet {
    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(ApiServlet.class);
    /** The methods of each path: its first part, how many parts it has, and its third. */
    static final Map<String, String> METHODS = Map.ofEntries(
            Map.entry("rooms 1 ", "GET"),
            Map.entry("rooms 2 ", "GET"),
            Map.entry("rooms 3 messages", "GET, POST"),
            Map.entry("rooms 3 members", "GET"),
            Map.entry("rooms 4 members", "DELETE"),
            Map.entry("messages 1 ", "POST"),
            Map.entry("users 2 ", "GET"),
            Map.entry("users 3 messages", "POST"),
            Map.entry("users 3 disconnect", "POST"),
            Map.entry("connections 1 ", "GET"),
            Map.entry("connections 2 ", "GET, DELETE"),
            Map.entry("tickets 1 ", "POST"),
            Map.entry("nodes 1 ", "GET"),
            Map.entry("nodes 3 drain", "POST"));

    @Inject
    transient Entrance entrance;

    @Inject
    transient ClientAddress addresses;

    @Inject
    transient RoomCalls rooms;

    @Inject
    transient PublishCalls publish;

    @Inject
    transient AdminCalls admin;

    @Inject
    transient Sessions sessions;

    @Inject
    transient AnswerBodies bodies;

    @Inject
    transient RefusalAnswers refusals;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("Cache-Control", "no-store");
        String address = addresses.of(request);
        Admission admission = entrance.admitRequest(request, address);
        if (admission instanceof Admission.Refused refused) {
            refusals.answer(request, response, Problem.of(refused.refusal()));
            return;
        }
        Identity who = ((Admission.Admitted) admission).identity();
        Call call = new Call(request, who, address, parts(request));
        CompletableFuture<Answer> answer = answer(call, response)
                .exceptionally(failure -> Answer.refused(Unavailable.refusal(failure)))
                .toCompletableFuture();
        sessions.kick();
        if (answer.isDone() && AnswerBodies.isSmall(answer.join()) && !request.isAsyncStarted()) {
            AnswerBodies.writeSmall(response, answer.join());
            return;
        }
        AsyncContext context = request.isAsyncStarted() ? request.getAsyncContext() : request.startAsync();
        context.setTimeout(0); // every stage of the ports ends in a time of its own
        var unused = answer.thenAccept(answered -> {
            bodies.write(context, response, call, answered);
            sessions.kick();
        });
    }

    private static List<String> parts(HttpServletRequest request) {
        String path = Objects.requireNonNullElse(request.getPathInfo(), "/");
        return Arrays.asList(path.substring(1).split("/", -1));
    }

    private CompletionStage<Answer> answer(Call call, HttpServletResponse response) {
        HttpServletRequest request = call.request();
        String methods = METHODS.get(call.part(0) + " " + call.path().size() + " " + call.part(2));
        if (methods != null && !methods.contains(request.getMethod())) {
            response.setHeader("Allow", methods);
            return completedFuture(Answer.refused(405, "the path takes " + methods));
        }
        try {
            return route(call);
        } catch (Call.Wrong e) {
            return completedFuture(Answer.refused(ErrorCode.INVALID_ARGUMENT, String.valueOf(e.getMessage())));
        } catch (IOException | RuntimeException e) {
            LOG.error("{} {} failed", request.getMethod(), request.getPathInfo(), e);
            return completedFuture(Answer.refused(ErrorCode.INTERNAL, "the server failed at this"));
        }
    }

    private CompletionStage<Answer> route(Call call) throws IOException, Call.Wrong {
        return switch (call.part(0)) {
            case "rooms" -> rooms.answer(call);
            case "messages" -> publish.many(call);
            case "users", "connections", "nodes" -> admin.answer(call);
            case "tickets" -> completedFuture(admin.ticket(call));
            default -> completedFuture(Answer.refused(ErrorCode.NOT_FOUND, "there is no such call"));
        };
    }
}
