package dev.hubbub.access;

import dev.hubbub.protocol.Refusal;
import dev.hubbub.session.Identity;

/** What the door says to somebody. */
public sealed interface Admission {
    record Admitted(Identity identity) implements Admission {}

    record Refused(Refusal refusal) implements Admission {}
}
