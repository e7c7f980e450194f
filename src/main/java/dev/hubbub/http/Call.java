package dev.hubbub.http;

import dev.hubbub.access.Query;
import dev.hubbub.protocol.Place;
import dev.hubbub.session.Identity;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One request to the API: who asks and where from, the path's parts, the query. */
record Call(HttpServletRequest request, Identity who, String address, List<String> path) {
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,15}");

    /** A query or a header is not what it must be; the message says what. */
    static final class Wrong extends Exception {
        private static final long serialVersionUID = 1;

        Wrong(String message) {
            super(message, null, false, false);
        }
    }

    /** The part of the path, or nothing at all. */
    String part(int index) {
        return index < path.size() ? path.get(index) : "";
    }

    /** Whether it changes nothing (RFC 9110, section 9.2.1). */
    boolean isRead() {
        return "GET".equals(request.getMethod());
    }

    String query(String name) {
        return Objects.requireNonNullElse(Query.of(request).first(name), "");
    }

    int limit(int absent, int most) throws Wrong {
        return (int) number("limit", 1, absent, most);
    }

    /** A whole number from 0 on. */
    long number(String name, long absent, long most) throws Wrong {
        return number(name, 0, absent, most);
    }

    private long number(String name, long least, long absent, long most) throws Wrong {
        String text = query(name);
        if (text.isEmpty()) {
            return absent;
        }
        long value = NUMBER.matcher(text).matches() ? Long.parseLong(text) : -1;
        if (value < least || value > most) {
            throw new Wrong(name + " must be a whole number from " + least + " to " + most);
        }
        return value;
    }

    @Nullable
    Place place(String name) throws Wrong {
        String text = query(name);
        if (text.isEmpty()) {
            return null;
        }
        Optional<Place> place = Place.parse(text);
        if (place.isEmpty()) {
            throw new Wrong(name + " must be epoch:seq");
        }
        return place.get();
    }
}
