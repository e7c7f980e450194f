package dev.hubbub.ops;

import dev.hubbub.http.AnswerBodies;
import io.smallrye.metrics.MetricsRequestHandler;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;

/** {@code /metrics} in Prometheus' text form. */
@WebServlet(value = "/metrics", asyncSupported = true)
public class MetricsServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

    @Inject
    transient MetricsRequestHandler handler;

    @Inject
    transient AnswerBodies bodies;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        handler.handleRequest(
                request.getServletPath(),
                "/metrics",
                request.getMethod(),
                Stream.of("text/plain"),
                request.getParameterMap(),
                (status, body, headers) -> {
                    response.setCharacterEncoding("UTF-8");
                    // what else it says lets any page read it
                    Map<String, String> type =
                            Map.of("Content-Type", headers.getOrDefault("Content-Type", "text/plain"));
                    bodies.writeToOperators(request, response, status, type, body.getBytes(StandardCharsets.UTF_8));
                });
    }
}
