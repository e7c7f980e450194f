package dev.hubbub.cluster;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sanctions of a node that is alone, on its disk. A first line says what the file is; each one after it is a change,
 * {@code name time}, of which a name's last counts, and a time of 0 takes it off. A change is there for good once it was
 * appended and forced out. At the start, when most of its lines are over, and after a write that failed, the file is written anew: beside
 * itself, then it takes the old one's name, so that there is a whole one at any time. Blocks; one thread's at a time.
 */
final class SanctionFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SanctionFile.class);

    static final String HEAD = "hubbub sanctions 1";
    /** So many lines may be over, beside as many as hold. */
    static final int SLACK = 1_000;

    private static final Pattern TIME = Pattern.compile("[0-9]{1,16}");
    private static final FileAttribute<?> OWNERS_ALONE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path file;
    private final SanctionList list;
    /** Of a file beside it, which stays: it is another file itself after it was written anew. */
    private final FileChannel lock;

    private int lines;
    /** Whether the file may lack a change, or end amid one: then nothing is appended. */
    private boolean broken;
    /** Whether there was a change of which it was not told. */
    private volatile boolean missed;

    private SanctionFile(Path file, SanctionList list, FileChannel lock) {
        this.file = file;
        this.list = list;
        this.lock = lock;
    }

    /**
     * Has a list know what the file does, and makes the file where there is none.
     *
     * @throws IOException where it cannot be read or written, is something else, or another process has it
     */
    static SanctionFile open(Path path, SanctionList list) throws IOException {
        Path file = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
        FileChannel lock = FileChannel.open(
                beside(file, ".lock"), Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), OWNERS_ALONE);
        SanctionFile opened = new SanctionFile(file, list, lock);
        try {
            if (!isLocked(lock)) {
                throw new IOException("another process has it");
            }
            opened.read();
            opened.rewrite();
            LOG.info("{} sanctions hold by {}", list.size(), file);
            return opened;
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private static boolean isLocked(FileChannel lock) throws IOException {
        try {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // of this very process
        }
    }

    private static Path beside(Path file, String ending) {
        return file.resolveSibling("." + file.getFileName() + ending);
    }

    private void read() throws IOException {
        if (!Files.exists(file) || Files.size(file) == 0) {
            return;
        }
        boolean isTorn = lastByte() != '\n';
        int garbage = 0;
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            String line = reader.readLine();
            if (!HEAD.equals(line)) {
                throw new IOException("it is no file of sanctions: it does not begin with \"" + HEAD + "\"");
            }
            for (line = reader.readLine(); line != null; ) {
                String next = reader.readLine();
                if (next == null && isTorn) {
                    LOG.warn("{} ends amid a line, which is dropped: nobody was told that it is kept", file);
                } else {
                    garbage += take(line) ? 0 : 1;
                }
                line = next;
            }
        }
        if (garbage > 0) {
            LOG.warn("{} lines of {} are no sanctions and are left out", garbage, file);
        }
    }

    private int lastByte() throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            channel.position(channel.size() - 1).read(last);
            return last.get(0);
        }
    }

    /** Whether a line is one of ours. */
    private boolean take(String line) {
        int space = line.lastIndexOf(' ');
        String name = line.substring(0, Math.max(space, 0));
        String time = line.substring(space + 1);
        if (!SanctionList.isName(name) || !TIME.matcher(time).matches()) {
            return false;
        }
        list.set(name, Long.parseLong(time));
        return true;
    }

    /**
     * Keeps what holds of a name now; not what held when this was asked for, so that no change overtakes another.
     *
     * @throws IOException where the disk may not have it; the next that is kept brings it along
     */
    void keep(String name) throws IOException {
        boolean was = broken;
        try {
            if (broken || missed || lines > SLACK + 2 * list.size() || !Files.exists(file)) {
                rewrite();
            } else {
                append(line(name, list.time(name)));
            }
        } catch (IOException e) {
            if (!was) {
                LOG.error("{} cannot be written: what is decided now ends with this node ({})", file, e.toString());
            }
            throw e;
        }
        if (was) {
            LOG.info("{} can be written again, and has all that holds", file);
        }
    }

    /** A change could not be kept: the next that can brings it along. From any thread. */
    void missed() {
        missed = true;
    }

    private static String line(String name, long time) {
        return name + ' ' + time + '\n';
    }

    private void append(String line) throws IOException {
        broken = true; // until it is known not to be
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(false);
        }
        broken = false;
        lines++;
    }

    private void rewrite() throws IOException {
        broken = true;
        missed = false;
        list.expire();
        Map<String, Long> all = list.all();
        Path fresh = beside(file, ".new");
        Files.deleteIfExists(fresh);
        try (FileChannel channel = FileChannel.open(
                        fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNERS_ALONE);
                BufferedWriter out = new BufferedWriter(Channels.newWriter(channel, StandardCharsets.US_ASCII))) {
            out.write(HEAD + '\n');
            for (Map.Entry<String, Long> each : all.entrySet()) {
                out.write(line(each.getKey(), each.getValue()));
            }
            out.flush();
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        Path directory = Objects.requireNonNull(file.getParent(), "an absolute path of a file has a parent");
        try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
            names.force(true);
        }
        lines = all.size();
        broken = false;
    }

    /** Lets another process have it. */
    @Override
    public void close() throws IOException {
        lock.close();
    }
}
