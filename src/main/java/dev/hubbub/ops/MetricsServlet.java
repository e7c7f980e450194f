package dev.hubbub.ops;

import io.smallrye.metrics.MetricsRequestHandler;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/** {@code /metrics} in Prometheus' text form. */
@WebServlet("/metrics")
public class MetricsServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

    @Inject
    transient MetricsRequestHandler handler;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        handler.handleRequest(
                request.getServletPath(),
                "/metrics",
                request.getMethod(),
                Stream.of("text/plain"),
                request.getParameterMap(),
                (status, body, headers) -> {
                    response.setStatus(status);
                    response.setHeader("Content-Type", headers.get("Content-Type")); // the others let any page read it
                    byte[] text = body.getBytes(StandardCharsets.UTF_8);
                    response.setCharacterEncoding("UTF-8");
                    response.setBufferSize(
                            text.length + 1); // not full, it goes without a thread that waits for the reader
                    response.getOutputStream().write(text);
                });
    }
}
