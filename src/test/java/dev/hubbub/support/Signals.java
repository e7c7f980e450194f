package dev.hubbub.support;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Signals to processes that Java cannot send itself. */
final class Signals {
    private Signals() {}

    /** @param name as {@code kill} takes it */
    static void send(String name, Process process) {
        try {
            int failed = new ProcessBuilder("kill", name, String.valueOf(process.pid()))
                    .start()
                    .waitFor();
            if (failed != 0) {
                throw new IllegalStateException("kill " + name + " failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
