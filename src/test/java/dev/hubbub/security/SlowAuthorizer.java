package dev.hubbub.security;

import dev.hubbub.spi.RoomAuthorizer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Takes 50 ms for each decision, as a database does, and allows all but what is called so. Runs within the node. */
@ApplicationScoped
public class SlowAuthorizer implements RoomAuthorizer {
    @Override
    public CompletionStage<Decision> decide(Question question) {
        boolean shut = question.user().startsWith("shut") && question.action() == Action.CONNECT;
        Decision decision = shut || question.room().startsWith("deny:") ? Decision.DENY : Decision.ALLOW;
        // in the timer's own thread: by itself it starts one for each decision where there are few cores
        return CompletableFuture.supplyAsync(
                () -> decision, CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS, Runnable::run));
    }
}
