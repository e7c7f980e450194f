package dev.hubbub.protocol;

import org.jspecify.annotations.Nullable;

/** Who published a message. {@code conn} is {@code http} for one that came over HTTP. */
public record Sender(
        UserId user, ConnectionId conn, @Nullable String name) {}
