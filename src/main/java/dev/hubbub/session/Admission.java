package dev.hubbub.session;

import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Refusal;

/** Who somebody is, or why that is not known. */
public sealed interface Admission {
    static Admission of(Identity identity) {
        return new Admitted(identity);
    }

    static Admission refused(Refusal refusal) {
        return new Refused(refusal);
    }

    /** The credentials are no good. */
    static Admission unauthenticated(String message) {
        return refused(Refusal.of(ErrorCode.UNAUTHENTICATED, message));
    }

    record Admitted(Identity identity) implements Admission {}

    record Refused(Refusal refusal) implements Admission {}
}
