package dev.hubbub.cluster;

import dev.hubbub.protocol.UserId;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A node that is alone. */
@Singleton
public class InMemoryNodes implements Nodes {
    private volatile @Nullable Supplier<Node> self;
    private final AtomicBoolean draining = new AtomicBoolean();
    private volatile Runnable drainer = () -> {};
    private volatile Disconnector disconnector = (user, reason) -> {};

    @Override
    public void tell(Supplier<Node> supplier) {
        self = supplier;
    }

    @Override
    public CompletionStage<List<Node>> list() {
        Supplier<Node> known = self;
        if (known == null) {
            return CompletableFuture.completedFuture(List.of());
        }
        Node node = known.get();
        return CompletableFuture.completedFuture(List.of(draining.get() ? node.asDraining() : node));
    }

    @Override
    public CompletionStage<?> drain() {
        draining.set(true);
        return CompletableFuture.completedFuture(true);
    }

    @Override
    public void onDrain(Runnable other) {
        drainer = other;
    }

    @Override
    public CompletionStage<Boolean> drain(String name) {
        Supplier<Node> known = self;
        boolean found = known != null && known.get().name().equals(name);
        if (found && draining.compareAndSet(false, true)) {
            drainer.run();
        }
        return CompletableFuture.completedFuture(found);
    }

    @Override
    public void onDisconnect(Disconnector other) {
        disconnector = other;
    }

    @Override
    public CompletionStage<?> disconnect(UserId user, String reason) {
        disconnector.disconnect(user, reason);
        return CompletableFuture.completedFuture(true);
    }
}
