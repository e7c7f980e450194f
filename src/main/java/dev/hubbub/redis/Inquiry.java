package dev.hubbub.redis;

import dev.hubbub.cluster.Directory.Part;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One question to all nodes, and what they answered so far. Answers may come before it is known who lives. Thread-safe. */
final class Inquiry<T> {
    private final Listed<T> listed;
    private final int limit;
    /** One thing is sought: whoever has it answers for all. */
    private final boolean single;

    private final CompletableFuture<Boolean> done = new CompletableFuture<>();
    /** By process. Guarded by this. */
    private final Map<String, Part<T>> answers = new HashMap<>();
    /** Names of nodes by their process; null until it is known who lives. Guarded by this. */
    private @Nullable Map<String, String> asked;

    Inquiry(Listed<T> listed, int limit, boolean single) {
        this.listed = listed;
        this.limit = limit;
        this.single = single;
    }

    /** @throws Note.Garbage where the text is no answer */
    void answered(String process, byte[] text) {
        answered(process, listed.part(text));
    }

    private void answered(String process, Part<T> part) {
        synchronized (this) {
            answers.put(process, part);
        }
        completeIfAll();
    }

    void asked(Map<String, String> nodes) {
        synchronized (this) {
            asked = nodes;
        }
        completeIfAll();
    }

    private void completeIfAll() {
        if (isComplete()) {
            done.complete(true);
        }
    }

    private synchronized boolean isComplete() {
        boolean found = single
                && answers.values().stream().anyMatch(part -> !part.items().isEmpty());
        return found || (asked != null && answers.keySet().containsAll(asked.keySet()));
    }

    /** Completes when there is nothing to wait for. */
    CompletableFuture<Boolean> done() {
        return done;
    }

    /** What there is by now. */
    synchronized Part<T> answer() {
        Map<String, String> silent = new HashMap<>(asked == null ? Map.of() : asked);
        silent.keySet().removeAll(answers.keySet());
        boolean found = isComplete();
        List<String> unanswered =
                found ? List.of() : silent.values().stream().distinct().sorted().toList();
        return listed.together(answers.values(), limit, unanswered);
    }
}
