package dev.hubbub.ops;

import io.smallrye.health.SmallRyeHealth;
import io.smallrye.health.SmallRyeHealthReporter;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Objects;

/** MicroProfile Health at {@code /health/…}, and its short forms {@code /healthz} (lives) and {@code /readyz} (ready). */
@WebServlet({"/healthz", "/readyz", "/health", "/health/live", "/health/ready", "/health/started"})
public class HealthServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

    @Inject
    transient SmallRyeHealthReporter reporter;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        SmallRyeHealth health = switch (Objects.toString(request.getServletPath(), "")) {
            case "/healthz", "/health/live" -> reporter.getLiveness();
            case "/readyz", "/health/ready" -> reporter.getReadiness();
            case "/health/started" -> reporter.getStartup();
            default -> reporter.getHealth();
        };
        response.setStatus(health.isDown() ? HttpServletResponse.SC_SERVICE_UNAVAILABLE : HttpServletResponse.SC_OK);
        response.setContentType("application/json");
        response.setHeader("Cache-Control", "no-store");
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        reporter.reportHealth(body, health); // which closes it: of a response it would wait until it is read
        response.getOutputStream().write(body.toByteArray());
    }
}
