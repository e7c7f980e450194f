package dev.hubbub.protocol;

/** The error codes of the wire, with gRPC's names, and the HTTP status that each one is told with (RFC 9110). */
public enum ErrorCode {
    INVALID_ARGUMENT(400),
    UNAUTHENTICATED(401),
    PERMISSION_DENIED(403),
    NOT_FOUND(404),
    ALREADY_EXISTS(409),
    FAILED_PRECONDITION(409),
    OUT_OF_RANGE(416),
    RESOURCE_EXHAUSTED(429),
    UNIMPLEMENTED(501),
    /** It was not done. */
    UNAVAILABLE(503),
    /** Nobody knows whether it was done: repeat with the same key. */
    DEADLINE_EXCEEDED(504),
    INTERNAL(500);

    private final int httpStatus;

    ErrorCode(int httpStatus) {
        this.httpStatus = httpStatus;
    }

    public int httpStatus() {
        return httpStatus;
    }
}
