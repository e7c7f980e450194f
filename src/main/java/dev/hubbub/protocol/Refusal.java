package dev.hubbub.protocol;

/**
 * An expected "no", as a value. Error frames, close codes and HTTP problems are all made from it.
 *
 * @param message what was wrong and with which field; never another user's data
 * @param retryAfterMs when to try again, in milliseconds; 0 where that says nothing
 */
public record Refusal(ErrorCode code, String message, long retryAfterMs) {
    public static Refusal of(ErrorCode code, String message) {
        return new Refusal(code, message, 0);
    }

    public static Refusal invalid(String message) {
        return of(ErrorCode.INVALID_ARGUMENT, message);
    }
}
