package dev.hubbub.session;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one session pulls from, and the line of those that may have something. Guarded by itself. */
final class Sources {
    private @Nullable Source firstReady;
    private @Nullable Source lastReady;
    private List<Source> all = List.of();

    synchronized void add(Source source) {
        if (all.isEmpty()) {
            all = new ArrayList<>(2);
        }
        all.add(source);
    }

    /** Whether it had it. */
    synchronized boolean remove(Source source) {
        return all.remove(source);
    }

    synchronized @Nullable Source find(String name, boolean stream) {
        for (Source source : all) {
            if (source.isStream() == stream && source.name().equals(name)) {
                return source;
            }
        }
        return null;
    }

    /** As they are now. */
    synchronized List<Source> all() {
        return List.copyOf(all);
    }

    /** Puts it last in line, if it does not stand there. */
    synchronized void line(Source source) {
        if (!source.ready) {
            source.ready = true;
            if (lastReady == null) {
                firstReady = source;
            } else {
                lastReady.nextReady = source;
            }
            lastReady = source;
        }
    }

    /** Takes the first of the line. */
    synchronized @Nullable Source nextReady() {
        Source source = firstReady;
        if (source != null) {
            firstReady = source.nextReady;
            source.nextReady = null;
            source.ready = false;
            if (firstReady == null) {
                lastReady = null;
            }
        }
        return source;
    }

    synchronized boolean isReady() {
        return firstReady != null;
    }
}
