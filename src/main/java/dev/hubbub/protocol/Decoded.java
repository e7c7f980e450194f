package dev.hubbub.protocol;

import org.jspecify.annotations.Nullable;

/** What a frame turned out to be. */
public sealed interface Decoded {
    record Valid(ClientMessage message) implements Decoded {}

    /** @param id the request's id, where it could be read */
    record Invalid(@Nullable String id, Refusal refusal) implements Decoded {}
}
