package dev.hubbub.session;

/** Lets tests end the threads of loops that no container ends. */
public final class LoopsEnd {
    private LoopsEnd() {}

    public static void stop(DeliveryLoops loops) {
        loops.stop();
    }
}
