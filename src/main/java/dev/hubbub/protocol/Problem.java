package dev.hubbub.protocol;

/** A refusal as HTTP tells it (RFC 9457), with {@code code} and {@code retryAfterMs} beside the standard members. */
public final class Problem {
    public static final String TYPE = "application/problem+json";

    private Problem() {}

    public static byte[] of(int status, Refusal refusal) {
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
