package dev.hubbub.config;

/** How long a room and who is in it last. */
public enum RoomKind {
    /** A connection is in it until it leaves or ends; messages are kept as the policy says, whoever is there. */
    STANDARD,
    /** Whoever joins it is a member for good: each later connection of that user is put into it. */
    PERMANENT,
    /** It is gone with its last member, and so is everything that it kept. */
    EPHEMERAL,
    /** Who is there, and nothing else: no message is kept. */
    REACTIVE
}
