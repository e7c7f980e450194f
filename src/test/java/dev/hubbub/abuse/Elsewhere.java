package dev.hubbub.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;

/**
 * As if it were on another machine: what is done so, and by threads that it starts, gets a processor where nobody else wants
 * it, and gives it back at once (sched(7), {@code SCHED_IDLE}). What the node does for it is the node's. Where node and
 * company want all there is, it gets less done than it would from another machine.
 */
record Elsewhere(Runnable work) implements Runnable {
    private static final Path SELF = Path.of("/proc/thread-self");

    @Override
    public void run() {
        try {
            String thread = Files.readSymbolicLink(SELF).getFileName().toString();
            assertThat(new ProcessBuilder("chrt", "--idle", "--pid", "0", thread)
                            .inheritIO()
                            .start()
                            .waitFor())
                    .isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new CompletionException(e);
        }
        work.run();
    }
}
