package dev.hubbub.protocol;

import org.jspecify.annotations.Nullable;

/**
 * What {@code session.opened} tells.
 *
 * @param pingMs how often the client is pinged, in ms
 * @param expiresAt when the token expires, in ms since the epoch; 0 for never
 * @param anon an anonymous user's signed id, for that client alone
 */
public record SessionInfo(
        ConnectionId conn,
        UserId user,
        @Nullable String name,
        String node,
        long pingMs,
        int messageBytes,
        int rooms,
        int publishPerSecond,
        int publishBurst,
        @Nullable Place userRoom,
        @Nullable String anon,
        long expiresAt) {}
