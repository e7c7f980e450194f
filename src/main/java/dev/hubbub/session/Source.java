package dev.hubbub.session;

import org.jspecify.annotations.Nullable;

/**
 * Something that a session pulls frames from: a room's log, a history. It holds a place, not messages. Its links are
 * the session's own and guarded by it.
 */
public abstract class Source {
    /** The next in the session's line of sources that may have something; guarded by the session. */
    @Nullable
    Source nextReady;

    /** Whether it stands in that line; guarded by the session. */
    boolean ready;

    /** What it is known by within its session: a room's name, or a request's id. */
    public abstract String name();

    /**
     * Adds to the batch what there is; called by the session's delivery loop alone.
     *
     * @return whether more remains that did not fit
     */
    public abstract boolean fill(Batch batch);

    /** Whether it streams answers rather than a room. */
    public boolean isStream() {
        return false;
    }
}
