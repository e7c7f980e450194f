package dev.hubbub.protocol;

import java.util.Map;

/**
 * A refusal as HTTP tells it (RFC 9457), with {@code code} and {@code retryAfterMs} beside the standard members: all that
 * a response needs to be given, whatever writes it.
 *
 * @param headers by name, such as the content type; {@code Retry-After} is in seconds, rounded up
 * @param body JSON, in UTF-8
 */
@SuppressWarnings("ArrayRecordComponent") // a body on its way out
public record Problem(int status, Map<String, String> headers, byte[] body) {
    private static final String TYPE = "application/problem+json";

    public static Problem of(Refusal refusal) {
        return of(refusal.code().httpStatus(), refusal);
    }

    /** With a status of HTTP's own, where it has a better one than the error code's. */
    public static Problem of(int status, Refusal refusal) {
        return new Problem(status, headers(refusal.retryAfterMs()), body(status, refusal));
    }

    private static Map<String, String> headers(long retryAfterMs) {
        return retryAfterMs > 0
                ? Map.of("Content-Type", TYPE, "Retry-After", Long.toString((retryAfterMs + 999) / 1000))
                : Map.of("Content-Type", TYPE);
    }

    private static byte[] body(int status, Refusal refusal) {
        JsonText text = new JsonText(256)
                .raw("{\"type\":\"about:blank\",\"status\":")
                .number(status)
                .raw(",\"title\":")
                .string(title(status))
                .raw(",\"code\":")
                .string(refusal.code().name())
                .raw(",\"detail\":")
                .string(refusal.message());
        if (refusal.retryAfterMs() > 0) {
            text.raw(",\"retryAfterMs\":").number(refusal.retryAfterMs());
        }
        return text.raw("}").bytes();
    }

    /** The status' own phrase, as {@code about:blank} wants it (RFC 9110, section 15). */
    private static String title(int status) {
        return switch (status) {
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 408 -> "Request Timeout";
            case 409 -> "Conflict";
            case 413 -> "Content Too Large";
            case 415 -> "Unsupported Media Type";
            case 416 -> "Range Not Satisfiable";
            case 426 -> "Upgrade Required";
            case 429 -> "Too Many Requests";
            case 501 -> "Not Implemented";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            default -> "Internal Server Error";
        };
    }
}
