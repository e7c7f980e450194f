package dev.hubbub.http;

import dev.hubbub.access.Hosts;
import dev.hubbub.access.RefusalAnswers;
import dev.hubbub.access.Refusals;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Problem;
import dev.hubbub.protocol.Refusal;
import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Refuses, before anything else looks at it, whatever comes by a name that {@link Hosts} does not allow: calls,
 * handshakes, event streams and pages alike. Declared in web.xml, before all other filters.
 *
 * <p>What proxies say the name was is not looked at: a page can send {@code X-Forwarded-Host} too.
 */
public class HostFilter extends HttpFilter {
    private static final long serialVersionUID = 1;
    /** Of a name, in what is told. */
    private static final int MOST_CHARACTERS = 100;

    @Inject
    transient Hosts hosts;

    @Inject
    transient Refusals refusals;

    @Inject
    transient RefusalAnswers answers;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        response.setBufferSize(AnswerBodies.BUFFER_BYTES); // for static files the container has one of its own
        String host = host(request);
        if (hosts.allow(host)) {
            chain.doFilter(request, response);
            return;
        }
        String told = host.substring(0, Math.min(host.length(), MOST_CHARACTERS));
        refusals.count(Refusals.Reason.HOST, told);
        Problem problem = Problem.of(Refusal.of(
                ErrorCode.PERMISSION_DENIED,
                "in development mode nobody comes by the host name " + told
                        + " unless hubbub.origins lists it: list it there, or set hubbub.dev=false"));
        answers.answer(request, response, problem);
    }

    /** Every browser sends {@code Host}; a request without one (HTTP/1.0) has come to the address that the container tells. */
    private static String host(HttpServletRequest request) {
        @Nullable String host = request.getHeader("Host");
        return host == null || host.isEmpty() ? Objects.toString(request.getServerName(), "") : host;
    }
}
