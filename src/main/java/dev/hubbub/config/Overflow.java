package dev.hubbub.config;

/** What happens to a subscriber whose place fell off the old end of a room's log, or that lags. */
public enum Overflow {
    /** What was missed is read back from the history; where that no longer reaches, {@code room.reset}. */
    REPLAY,
    /** It jumps ahead and is told so with {@code room.skipped}. */
    SKIP,
    /** It gets only the newest message of each conflate name, and {@code room.skipped} for the others. */
    LATEST,
    /** Its connection ends with 4201. */
    DISCONNECT
}
