package dev.hubbub.config;

/** What holds for the rooms of one namespace. */
public record NamespacePolicy(
        RoomKind kind,
        int historySize,
        long historyBytes,
        long historyAgeMs,
        boolean presence,
        Overflow overflow,
        Audience join,
        Audience publish,
        Audience history,
        Audience members,
        Audience kick,
        int publishesPerMinute) {}
