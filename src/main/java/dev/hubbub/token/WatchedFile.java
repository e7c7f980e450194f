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
    /** Guarded by this, as the next one. */
    private String stamp;

    private volatile long lookedAt;

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
        lookedAt = clock.millis();
        try {
            String now = stamp();
            if (!now.equals(stamp)) {
                stamp = now; // what cannot be read is complained of once
                value = read();
                LOG.info("{} has changed and is read again", path);
            }
        } catch (IOException | IllegalArgumentException e) {
            LOG.error("{} cannot be used, and what it said before stays: {}", path, e.getMessage());
        }
    }
}
