package dev.hubbub.websocket;

import dev.hubbub.access.Caps;
import dev.hubbub.access.ClientAddress;
import dev.hubbub.access.Entrance;
import dev.hubbub.access.Query;
import dev.hubbub.access.RefusalAnswers;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Problem;
import dev.hubbub.protocol.Refusal;
import dev.hubbub.session.Admission;
import dev.hubbub.session.DeliveryStats;
import dev.hubbub.session.Identity;
import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.security.Principal;
import java.util.Arrays;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/**
 * Stands before the upgrade, so that a refusal is an HTTP status with a problem body and never a socket that opens and
 * dies (RFC 6455, section 4.2.2). Declared in web.xml, before Jetty's upgrade filter.
 */
public class HandshakeFilter extends HttpFilter {
    private static final long serialVersionUID = 1;
    static final String PROTOCOL = "hubbub.v1";
    /** RFC 9110, section 15.5.22. */
    private static final int UPGRADE_REQUIRED = 426;
    /** Stands where a request was, so that its buffers need not be kept for each connection. */
    private static final HttpServletRequest FORGOTTEN = (HttpServletRequest) Proxy.newProxyInstance(
            HandshakeFilter.class.getClassLoader(),
            new Class<?>[] {HttpServletRequest.class},
            (proxy, method, args) -> {
                throw new IllegalStateException("the handshake is over");
            });

    @Inject
    transient Entrance entrance;

    @Inject
    transient ClientAddress addresses;

    @Inject
    transient Caps caps;

    @Inject
    transient DeliveryStats stats;

    @Inject
    transient RefusalAnswers answers;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String address = addresses.of(request);
        Refusal refusal = entrance.check(request, address);
        if (refusal == null) {
            refusal = shape(request, response);
        }
        if (refusal != null) {
            refuse(request, response, refusal);
            return;
        }
        Caps.Place place = caps.take(address);
        if (place.refusal() != null) {
            refuse(request, response, place.refusal());
            return;
        }
        boolean upgraded = false;
        try {
            upgraded = enter(request, response, chain, place);
        } finally {
            if (!upgraded) {
                place.giveBack();
            }
        }
    }

    /** @return whether it is a WebSocket now */
    private boolean enter(HttpServletRequest request, HttpServletResponse response, FilterChain chain, Caps.Place place)
            throws IOException, ServletException {
        Identity identity = null;
        Refusal refusal = null;
        if (logsInByMessage(request)) {
            refusal = entrance.admitUnknown(place);
        } else {
            Admission admission = entrance.admit(request, place);
            if (admission instanceof Admission.Refused refused) {
                refusal = refused.refusal();
            } else {
                identity = ((Admission.Admitted) admission).identity();
            }
        }
        if (refusal != null) {
            refuse(request, response, refusal);
            return false;
        }
        place.letIn(); // before it can end
        return upgrade(request, response, chain, new Visitor(identity, place));
    }

    private static boolean upgrade(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain, Visitor visitor)
            throws IOException, ServletException {
        HttpServletRequestWrapper wrapped = new HttpServletRequestWrapper(request) {
            @Override
            public Principal getUserPrincipal() {
                return visitor;
            }
        };
        try {
            chain.doFilter(wrapped, response);
        } finally {
            // the connection keeps the wrapper as long as it lives, and nobody asks it for anything but who came
            wrapped.setRequest(FORGOTTEN);
        }
        return response.getStatus() == HttpServletResponse.SC_SWITCHING_PROTOCOLS;
    }

    /** Only where there is a session to log in to: an echo has none. */
    private static boolean logsInByMessage(HttpServletRequest request) {
        return isForRooms(request) && "message".equals(Query.of(request).first("auth"));
    }

    private static boolean isForRooms(HttpServletRequest request) {
        return request.getServletPath().equals("/ws");
    }

    private static @Nullable Refusal shape(HttpServletRequest request, HttpServletResponse response) {
        if (!"websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
            response.setHeader("Upgrade", "websocket");
            return Refusal.of(ErrorCode.FAILED_PRECONDITION, "this is a WebSocket endpoint: an upgrade is needed");
        }
        boolean offers = request.getHeader("Sec-WebSocket-Protocol") != null;
        boolean known = Collections.list(request.getHeaders("Sec-WebSocket-Protocol")).stream()
                .flatMap(h -> Arrays.stream(h.split(",")))
                .anyMatch(p -> p.trim().equals(PROTOCOL));
        return offers && !known && isForRooms(request)
                ? Refusal.invalid("of the subprotocols only " + PROTOCOL + " is known")
                : null;
    }

    private void refuse(HttpServletRequest request, HttpServletResponse response, Refusal refusal) throws IOException {
        stats.refusedHandshakes.increment();
        boolean upgrade = refusal.code() == ErrorCode.FAILED_PRECONDITION;
        answers.answer(request, response, upgrade ? Problem.of(UPGRADE_REQUIRED, refusal) : Problem.of(refusal));
    }
}
