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
                .string(refusal.code().name())
                .raw(",\"code\":")
                .string(refusal.code().name())
                .raw(",\"detail\":")
                .string(refusal.message());
        if (refusal.retryAfterMs() > 0) {
            text.raw(",\"retryAfterMs\":").number(refusal.retryAfterMs());
        }
        return text.raw("}").bytes();
    }
}
