package dev.hubbub.abuse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * What this machine's processors have done since it started, in ticks of the kernel (proc(5), {@code /proc/stat}).
 *
 * @param wanted when there was something to do, whether it was done or not
 * @param stolen when there was, and the host of a virtual machine did something else
 */
record HostTime(long wanted, long stolen) {
    private static final int IDLE = 3;
    private static final int WAITING_FOR_DISKS = 4;
    private static final int STOLEN = 7;

    static HostTime now() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/stat"))) {
            long[] ticks = Stream.of(lines.findFirst().orElseThrow().split(" +"))
                    .skip(1)
                    .mapToLong(Long::parseLong)
                    .limit(STOLEN + 1)
                    .toArray();
            return new HostTime(LongStream.of(ticks).sum() - ticks[IDLE] - ticks[WAITING_FOR_DISKS], ticks[STOLEN]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In percent of what was wanted. */
    double stolenSince(HostTime before) {
        return 100.0 * (stolen - before.stolen) / Math.max(1, wanted - before.wanted);
    }
}
