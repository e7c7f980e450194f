package dev.hubbub.http;

import dev.hubbub.protocol.Place;
import dev.hubbub.session.Identity;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One request to the API: who asks and where from, the path's parts, the query. */
record Call(HttpServletRequest request, Identity who, String address, List<String> path) {
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,15}");
    private static final Pattern JSON =
            Pattern.compile("application/([a-z.-]+\\+)?json\\s*(;.*)?", Pattern.CASE_INSENSITIVE);

    /** A query or a body is not what it must be; the message says what. */
    static final class Wrong extends Exception {
        private static final long serialVersionUID = 1;

        final int status;

        Wrong(String message) {
            this(400, message);
        }

        Wrong(int status, String message) {
            super(message, null, false, false);
            this.status = status;
        }
    }

    /** The part of the path, or nothing at all. */
    String part(int index) {
        return index < path.size() ? path.get(index) : "";
    }

    String query(String name) {
        return Objects.requireNonNullElse(request.getParameter(name), "");
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

    /** The body as text. */
    String body(int most) throws IOException, Wrong {
        String kind = request.getContentType();
        if (kind != null && !JSON.matcher(kind).matches()) {
            throw new Wrong(415, "the body must be application/json");
        }
        byte[] bytes = request.getInputStream().readNBytes(most + 1);
        if (bytes.length > most) {
            throw new Wrong(413, "the body is larger than " + most + " bytes");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Wrong("the body is not UTF-8");
        }
    }
}
