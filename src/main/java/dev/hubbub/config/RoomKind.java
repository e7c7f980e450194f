package dev.hubbub.config;

/** How long a room and being in it last. */
public enum RoomKind {
    /** Its history outlives its members; who is in it is up to each connection. */
    STANDARD,
    /** Who joined stays a member until they leave: each of their later connections is put into it. */
    PERMANENT,
    /** It ends with its last member, and its history and numbering with it. */
    EPHEMERAL,
    /** Presence alone: it keeps and numbers no messages. */
    REACTIVE
}
