package dev.hubbub.access;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parameters in a request's URL, and nothing else: a container that is asked for parameters reads a form in the body
 * too, and whoever asks waits for it. What is no percent-encoding stays as it is (URL Standard, section 5.1). Immutable.
 */
public final class Query {
    private final Map<String, List<String>> values = new HashMap<>();

    private Query(String text) {
        for (String pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            values.computeIfAbsent(decoded(name), n -> new ArrayList<>()).add(decoded(value));
        }
    }

    public static Query of(HttpServletRequest request) {
        return of(request.getQueryString());
    }

    /** @param text what follows the question mark; null where there is none */
    static Query of(@Nullable String text) {
        return new Query(text == null ? "" : text);
    }

    private static String decoded(String text) {
        if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
            return text;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = 0;
        for (int i = 0; i < bytes.length; i++) {
            byte next = bytes[i];
            if (next == '+') {
                next = ' ';
            } else if (next == '%' && i + 2 < bytes.length && isHex(bytes[i + 1]) && isHex(bytes[i + 2])) {
                next = (byte) ((HexFormat.fromHexDigit(bytes[++i]) << 4) | HexFormat.fromHexDigit(bytes[++i]));
            }
            bytes[length++] = next;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private static boolean isHex(byte digit) {
        return HexFormat.isHexDigit(digit);
    }

    /** The first of this name; null where there is none. */
    public @Nullable String first(String name) {
        List<String> all = all(name);
        return all.isEmpty() ? null : all.get(0);
    }

    /** Those of this name, in their order. */
    public List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }
}
