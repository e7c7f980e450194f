package dev.hubbub.config;

/**
 * How a node takes leave of its clients.
 *
 * @param windowMs over which it spreads when they go; 0 for all at once
 * @param deadlineMs for them to be gone once the process is told to end
 */
public record Shutdown(long windowMs, long deadlineMs) {
    /** @param dev there nobody waits for the end of a node that was not asked to take its time */
    static Shutdown of(Source source, boolean dev) {
        Key window = ShutdownKeys.WINDOW;
        Key deadline = ShutdownKeys.DEADLINE;
        String byDefault = dev ? "PT0S" : window.byDefault();
        long windowMs = source.millis(window, window.name(), byDefault);
        long deadlineMs = source.millis(deadline);
        if (deadlineMs < windowMs) {
            throw new ConfigurationException(
                    deadline.name(),
                    source.text(deadline),
                    window.name() + " (" + source.text(window.name(), byDefault) + ") or longer");
        }
        return new Shutdown(windowMs, deadlineMs);
    }
}
