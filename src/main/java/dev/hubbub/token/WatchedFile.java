package dev.hubbub.token;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a file says, read again when it changes; looked at once a second at most. A change that cannot be read is logged,
 * and what was read before stays. Thread-safe.
 */
final class WatchedFile<T> {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedFile.class);
    private static final long LOOK_MS = 1_000;

    /** Reads the file's text. */
    interface Reader<T> {
        /** @throws IllegalArgumentException where it says nothing that is understood; without the text in its message */
        T read(String text);
    }

    private final Path path;
    private final Reader<T> reader;
    private final Clock clock;
    private volatile T value;
    private volatile long lookedAt;
    /** Guarded by this, as the next one. */
    private String stamp;
    /** What was last complained of; empty since all was well. */
    private String complaint = "";

    /** @throws IllegalArgumentException where it cannot be read */
    WatchedFile(Path path, Reader<T> reader, Clock clock) {
        this.path = path;
        this.reader = reader;
        this.clock = clock;
        try {
            stamp = stamp();
            value = read();
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot be read", e);
        }
        lookedAt = clock.millis();
    }

    /** What tells one state of the file from another: a file that is replaced may be of the same second and length. */
    private String stamp() throws IOException {
        BasicFileAttributes is = Files.readAttributes(path, BasicFileAttributes.class);
        return is.lastModifiedTime().toInstant() + " " + is.size() + " " + is.fileKey();
    }

    private T read() throws IOException {
        String text = Files.readString(path);
        try {
            return reader.read(text);
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (RuntimeException e) {
            // null where an object should be, above all: whoever asks must not fail at it
            throw new IllegalArgumentException("it is not of the form that is expected", e);
        }
    }

    T get() {
        if (clock.millis() - lookedAt >= LOOK_MS) {
            look();
        }
        return value;
    }

    private synchronized void look() {
        if (clock.millis() - lookedAt < LOOK_MS) {
            return; // another has just looked
        }
        lookedAt = clock.millis();
        try {
            String now = stamp();
            if (!now.equals(stamp)) {
                value = read();
                stamp = now;
                LOG.info("{} has changed and is read again", path);
            }
            complaint = "";
        } catch (IOException | IllegalArgumentException e) {
            complain(String.valueOf(e));
        }
    }

    /** Once of each thing that is wrong, though the file is tried again: reading may be allowed without a change of it. */
    private void complain(String what) {
        if (!what.equals(complaint)) {
            complaint = what;
            LOG.error("{} cannot be used, and what it said before stays: {}", path, what);
        }
    }
}
