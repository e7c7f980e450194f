package dev.hubbub.security;

import dev.hubbub.spi.RoomAuthorizer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Does with a room what its namespace says: a team's code at its best and at its worst. Runs within the node. */
@ApplicationScoped
public class ProbeAuthorizer implements RoomAuthorizer {
    private final AtomicInteger asked = new AtomicInteger();

    @Override
    public CompletionStage<Decision> decide(Question question) {
        return switch (question.room().split(":", -1)[0]) {
            case "deny" -> CompletableFuture.completedFuture(Decision.DENY);
            case "allow" -> CompletableFuture.completedFuture(Decision.ALLOW);
            case "throws" -> throw new IllegalStateException("as teams' code does");
            case "fails" -> CompletableFuture.failedFuture(new IllegalStateException("as databases do"));
            case "null" -> null;
            case "undecided" -> CompletableFuture.completedFuture(null);
            case "never" -> new CompletableFuture<>();
            case "quicker" -> quicker();
            case "blocks" -> blocked();
            default -> CompletableFuture.completedFuture(Decision.ABSTAIN);
        };
    }

    /** The second time it knows at once, and the first takes a while. */
    private CompletionStage<Decision> quicker() {
        boolean first = asked.getAndIncrement() == 0;
        return first
                ? CompletableFuture.supplyAsync(
                        () -> Decision.ALLOW, CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS))
                : CompletableFuture.completedFuture(Decision.ALLOW);
    }

    /** Holds its thread much longer than anybody waits. */
    private static CompletionStage<Decision> blocked() {
        try {
            boolean unused = new CountDownLatch(1).await(3, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return CompletableFuture.completedFuture(Decision.ALLOW);
    }
}
