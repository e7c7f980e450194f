package dev.hubbub.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * What goes with every static file: only this server's own scripts and styles run, nobody frames the pages, and a new
 * version of the client is seen at once (it is asked for again each time, and mostly answered with 304).
 */
public class PageHeadersFilter extends HttpFilter {
    private static final long serialVersionUID = 1;
    /** {@code ws:} and {@code wss:} stand there because {@code 'self'} does not cover them in every browser. */
    static final String POLICY =
            "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:; frame-ancestors 'none'";

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        response.setHeader("Content-Security-Policy", POLICY);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("Cache-Control", "no-cache");
        if (request.getServletPath().equals("/")) {
            // the container's servlet would end its own answer and that of the page that it forwards to
            request.getRequestDispatcher("/index.html").forward(request, response);
            return;
        }
        chain.doFilter(request, response);
    }
}
