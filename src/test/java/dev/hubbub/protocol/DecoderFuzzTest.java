package dev.hubbub.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Mutated frames by the million, outside of the ordinary run:
 * {@code mvn test -Dtest=DecoderFuzzTest -Dtests.excluded= -Dfuzz.frames=10000000}, with {@code -Dfuzz.seed=} to repeat
 * one.
 */
@Tag("long")
class DecoderFuzzTest {
    private static final Duration HANG = Duration.ofSeconds(5);

    @Test
    void mutatedFramesNeverCrashHangOrAreWronglyAccepted() {
        long frames = Long.getLong("fuzz.frames", 10_000_000);
        long seed = Long.getLong("fuzz.seed", System.nanoTime());
        EnvelopeDecoder decoder = new EnvelopeDecoder(32);
        SplittableRandom random = new SplittableRandom(seed);
        long accepted = 0;
        long slowest = 0;
        String last = "";
        List<String> valid = Frames.VALID;
        for (long i = 0; i < frames; i++) {
            // one mutated frame is often the next one's beginning: damage adds up
            String from = random.nextInt(4) == 0 && !last.isEmpty() && last.length() < 16_384
                    ? last
                    : valid.get(random.nextInt(valid.size()));
            String frame = Mutations.mutate(from, random);
            long start = System.nanoTime();
            try {
                accepted += Verdict.check(decoder, frame) ? 1 : 0;
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + seed + ", frame " + i + ": " + frame, e);
            }
            slowest = Math.max(slowest, System.nanoTime() - start);
            last = frame;
        }
        System.out.printf(
                "fuzz: %,d mutated frames, %,d accepted, slowest %.1f ms, seed %d%n",
                frames, accepted, slowest / 1e6, seed);
        assertThat(Duration.ofNanos(slowest)).isLessThan(HANG);
    }
}
