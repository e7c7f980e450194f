package dev.hubbub.checker;

/** A broken promise. */
record Finding(Kind kind, String room, String who, String text) {
    enum Kind {
        /** A message is missing between two others, and nothing was said. */
        HOLE,
        /** A message came again, or after a later one. */
        REPEAT,
        /** The numbering began again, and nothing was said. */
        UNTOLD,
        /** A reset without a cause. */
        NEEDLESS,
        /** An acknowledged message was not delivered. */
        LOST,
        /** Two messages have one place. */
        FORK,
        /** One message has two places. */
        TWICE,
        /** A message that nobody has sent. */
        INVENTED,
        /** A message stands before one that was acknowledged before it was sent. */
        ORDER,
        /** A listener does not get to the end, though all was healed. */
        UNFINISHED,
        /** Something that the protocol does not know. */
        ODD
    }

    @Override
    public String toString() {
        return kind + " " + room + ", " + who + ": " + text;
    }
}
