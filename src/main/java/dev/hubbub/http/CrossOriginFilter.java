package dev.hubbub.http;

import dev.hubbub.access.ClientAddress;
import dev.hubbub.access.Origins;
import dev.hubbub.access.RefusalAnswers;
import dev.hubbub.access.Refusals;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Problem;
import dev.hubbub.protocol.Refusal;
import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Lets pages of allowed origins read what the API and the event streams answer (CORS, in the Fetch standard). Requests of
 * other pages go on without the headers: they are refused where credentials are looked at.
 */
@WebFilter(
        urlPatterns = {"/api/*", "/events"},
        asyncSupported = true)
public class CrossOriginFilter extends HttpFilter {
    private static final long serialVersionUID = 1;
    /** For a browser to remember an answer, in seconds. */
    private static final String MAX_AGE = "600";

    private static final Refusal NOT_ALLOWED =
            Refusal.of(ErrorCode.PERMISSION_DENIED, "pages of this origin may not connect");

    @Inject
    transient Origins origins;

    @Inject
    transient ClientAddress addresses;

    @Inject
    transient Refusals refusals;

    @Inject
    transient RefusalAnswers answers;

    @Inject
    transient Settings settings;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String origin = request.getHeader("Origin");
        response.addHeader("Vary", "Origin");
        boolean allowed = origin != null && origins.allow(origin);
        if (allowed) {
            response.setHeader("Access-Control-Allow-Origin", origin);
            if (!settings.access.cookie().isEmpty()) {
                response.setHeader("Access-Control-Allow-Credentials", "true");
            }
            response.setHeader("Access-Control-Expose-Headers", "Retry-After");
        }
        boolean preflight =
                request.getMethod().equals("OPTIONS") && request.getHeader("Access-Control-Request-Method") != null;
        if (!preflight) {
            chain.doFilter(request, response);
            return;
        }
        if (allowed) {
            response.setHeader("Access-Control-Allow-Methods", "GET, POST, DELETE");
            response.setHeader(
                    "Access-Control-Allow-Headers", "Authorization, Content-Type, Idempotency-Key, Last-Event-ID");
            response.setHeader("Access-Control-Max-Age", MAX_AGE);
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        } else {
            refusals.count(Refusals.Reason.ORIGIN, addresses.of(request) + " from " + origin);
            answers.answer(request, response, Problem.of(NOT_ALLOWED));
        }
    }
}
