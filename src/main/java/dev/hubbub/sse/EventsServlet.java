package dev.hubbub.sse;

import dev.hubbub.access.Caps;
import dev.hubbub.access.ClientAddress;
import dev.hubbub.access.Entrance;
import dev.hubbub.access.Permissions;
import dev.hubbub.protocol.Problem;
import dev.hubbub.protocol.Refusal;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.session.Admission;
import dev.hubbub.session.DeliveryStats;
import dev.hubbub.session.Identity;
import jakarta.inject.Inject;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code GET /events}: checks what is asked for, and hands it to a stream. */
@WebServlet(urlPatterns = "/events", asyncSupported = true)
public class EventsServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

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

    /** A HEAD above all must open no stream: nothing is ever written to it, so it would never be found gone. */
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        if (request.getMethod().equals("GET")) {
            super.service(request, response);
        } else {
            response.setHeader("Allow", "GET");
            write(
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
            refuse(response, asked.refusal());
            return;
        }
        String address = addresses.of(request);
        Refusal refusal = entrance.check(request, address);
        if (refusal != null) {
            refuse(response, refusal);
            return;
        }
        Admission admission = entrance.admitStream(request, !asked.lastEventId().isEmpty());
        if (admission instanceof Admission.Refused refused) {
            refuse(response, refused.refusal());
        } else if (admission instanceof Admission.Admitted admitted) {
            enter(request, response, asked, admitted.identity(), address);
        }
    }

    private void enter(
            HttpServletRequest request,
            HttpServletResponse response,
            StreamRequest asked,
            Identity identity,
            String address)
            throws IOException {
        StreamCursor cursor = new StreamCursor(asked.rooms());
        boolean lost = !asked.lastEventId().isEmpty() && !cursor.resume(asked.lastEventId());
        List<Joining> joinings = new ArrayList<>();
        for (int i = 0; i < asked.rooms().size(); i++) {
            RoomName room = asked.rooms().get(i);
            Permissions.Wish wish = asked.wish(cursor.place(i), lost);
            Permissions.Entry entry = entrance.join(identity, room, wish);
            if (entry.refusal() != null) {
                refuse(response, entry.refusal());
                return;
            }
            joinings.add(new Joining(room, wish, entry, lost));
        }
        Caps.Place place = caps.take(identity, address);
        if (place.refusal() != null) {
            refuse(response, place.refusal());
            return;
        }
        boolean open = false;
        try {
            streams.open(request, response, cursor, joinings, identity, place);
            open = true;
        } finally {
            if (!open) {
                place.giveBack(); // given back once, whoever does it
            }
        }
    }

    private void refuse(HttpServletResponse response, Refusal refusal) throws IOException {
        stats.refusedHandshakes.increment();
        write(response, Problem.of(refusal));
    }

    private static void write(HttpServletResponse response, Problem problem) throws IOException {
        response.setStatus(problem.status());
        problem.headers().forEach(response::setHeader);
        response.getOutputStream().write(problem.body());
    }
}
