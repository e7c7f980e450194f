package dev.hubbub.protocol;

import java.util.BitSet;

/** What names are made of. Looked up and not matched as a pattern: each message that passes a node names a room and a user. */
final class Letters {
    private static final BitSet ALL = new BitSet();

    static {
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.@|~-"
                .chars()
                .forEach(ALL::set);
    }

    private Letters() {}

    /** Whether a character is one of {@code [A-Za-z0-9_.@|~-]}. */
    static boolean has(char c) {
        return ALL.get(c);
    }
}
