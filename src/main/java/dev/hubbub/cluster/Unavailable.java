package dev.hubbub.cluster;

import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Refusal;
import java.util.concurrent.CompletionException;

/** What the nodes share cannot be reached: nothing was done, and it is worth trying again. */
public final class Unavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Refusal refusal;

    /** @param retryAfterMs when to try again, in ms */
    public Unavailable(String message, long retryAfterMs) {
        super(message, null, false, false);
        refusal = new Refusal(ErrorCode.UNAVAILABLE, message, retryAfterMs);
    }

    public Refusal refusal() {
        return refusal;
    }

    /** How a stage's failure is told to whoever asked. */
    public static Refusal refusal(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof Unavailable unavailable
                ? unavailable.refusal
                : Refusal.of(ErrorCode.INTERNAL, "the server failed at this");
    }
}
