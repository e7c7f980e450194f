package dev.hubbub.tool;

import dev.hubbub.token.ApiKeyFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The file of API keys, changed by one at a time and never seen half written: a new file takes the old one's name, with its
 * owner and mode, and 0600 where there was none. What is locked is a file beside it, {@code .<name>.lock}, which stays:
 * the file itself is another after each change.
 */
record KeyFile(Path path) {
    /** Locks are processes', so threads of one wait here. */
    private static final Object TURN = new Object();

    private static final FileAttribute<?> OWNERS_ALONE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    ApiKeyFile.Content read() {
        return read(path);
    }

    private static ApiKeyFile.Content read(Path file) {
        try {
            ApiKeyFile.Content content = ApiKeyFile.read(Files.readString(file));
            ApiKeyFile.write(content); // whether the server reads it
            return content;
        } catch (IOException e) {
            throw Failure.configuration(file + " cannot be read");
        } catch (IllegalArgumentException e) {
            throw Failure.configuration(file + " is no file of keys: " + e.getMessage());
        }
    }

    static ApiKeyFile.Entry find(ApiKeyFile.Content content, String id) {
        return content.keys.stream()
                .filter(key -> key.id.equals(id))
                .findFirst()
                .orElseThrow(() -> Failure.usage("no key has the id " + id));
    }

    /** Null where there is none; throws {@link java.time.DateTimeException} where it is no time. */
    static @Nullable Instant time(@Nullable String text) {
        return text == null ? null : Instant.parse(text);
    }

    /**
     * Reads, changes and writes it, while nobody else does.
     *
     * @param create whether it may be made
     */
    String change(boolean create, Function<ApiKeyFile.Content, String> change) {
        synchronized (TURN) {
            try {
                Path file = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
                Path name = Objects.requireNonNull(file.getFileName(), "a file has a name");
                try (FileChannel lock = FileChannel.open(
                        file.resolveSibling("." + name + ".lock"),
                        java.util.Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                        OWNERS_ALONE)) {
                    lock.lock();
                    boolean exists = Files.exists(file);
                    ApiKeyFile.Content content = exists || !create ? read(file) : new ApiKeyFile.Content();
                    String answer = change.apply(content);
                    replace(file, text(content), exists);
                    return answer;
                }
            } catch (IOException e) {
                throw Failure.io(path + " cannot be written: " + e);
            }
        }
    }

    private static String text(ApiKeyFile.Content content) {
        try {
            return ApiKeyFile.write(content);
        } catch (IllegalArgumentException e) {
            throw Failure.usage("the server would refuse it: " + e.getMessage());
        }
    }

    private static void replace(Path file, String text, boolean exists) throws IOException {
        Path parent = Objects.requireNonNull(file.getParent(), "an absolute path of a file has a parent");
        Path fresh = Files.createTempFile(parent, ".keys-", ".tmp", OWNERS_ALONE);
        try {
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            if (exists) {
                resemble(fresh, Files.readAttributes(file, PosixFileAttributes.class));
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** Who may read the keys stays who it was: a server that runs as another user still can. */
    private static void resemble(Path fresh, PosixFileAttributes old) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(fresh, PosixFileAttributeView.class);
        PosixFileAttributes own = view.readAttributes();
        if (!own.group().equals(old.group())) {
            view.setGroup(old.group());
        }
        if (!own.permissions().equals(old.permissions())) {
            view.setPermissions(old.permissions());
        }
        if (!own.owner().equals(old.owner())) {
            view.setOwner(old.owner());
        }
    }
}
