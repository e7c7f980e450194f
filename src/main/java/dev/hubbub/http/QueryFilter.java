package dev.hubbub.http;

import dev.hubbub.access.ClientAddress;
import dev.hubbub.access.Handshakes;
import dev.hubbub.access.RefusalAnswers;
import dev.hubbub.protocol.Problem;
import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a query that cannot be read (RFC 3986, section 2.1) before anybody asks for what is in it: the container throws
 * then, and logs each. Declared in web.xml.
 */
public class QueryFilter extends HttpFilter {
    private static final long serialVersionUID = 1;
    private static final Pattern NO_CODE = Pattern.compile("%(?![0-9A-Fa-f]{2})");
    /** What a decoder puts in for bytes that are no UTF-8. */
    private static final char REPLACEMENT = '\uFFFD';

    @Inject
    transient ClientAddress addresses;

    @Inject
    transient Handshakes handshakes;

    @Inject
    transient RefusalAnswers answers;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (isReadable(request.getQueryString())) {
            chain.doFilter(request, response);
            return;
        }
        Problem problem = Problem.of(handshakes.malformed(addresses.of(request)));
        answers.answer(request, response, problem);
    }

    private static boolean isReadable(@Nullable String query) {
        return query == null
                || query.indexOf('%') < 0
                || (!NO_CODE.matcher(query).find()
                        && URLDecoder.decode(query, StandardCharsets.UTF_8).indexOf(REPLACEMENT) < 0);
    }
}
