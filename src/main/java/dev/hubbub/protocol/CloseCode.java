package dev.hubbub.protocol;

/** Why a connection ends: RFC 6455 section 7.4 and Hubbub's own 4xxx, with what a client does on each. */
public enum CloseCode {
    NORMAL(1000, false),
    GOING_AWAY(1001, false),
    PROTOCOL_ERROR(1002, false),
    WRONG_DATA(1003, false),
    BAD_TEXT(1007, false),
    VIOLATIONS(1008, false),
    TOO_BIG(1009, false),
    SERVER_FAULT(1011, true),
    RESTART(1012, true),
    FULL(1013, true),
    UNAUTHENTICATED(4001, false),
    FORBIDDEN(4003, false),
    TOKEN_EXPIRED(4101, true),
    TOO_SLOW(4201, true),
    NO_SIGN_OF_LIFE(4202, true),
    RATE_LIMIT(4204, true);

    private final int code;
    private final boolean reconnect;

    CloseCode(int code, boolean reconnect) {
        this.code = code;
        this.reconnect = reconnect;
    }

    public int code() {
        return code;
    }

    /** Whether a client comes back after it. */
    public boolean reconnect() {
        return reconnect;
    }
}
