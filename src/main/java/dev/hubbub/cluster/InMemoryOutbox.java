package dev.hubbub.cluster;

import dev.hubbub.config.Settings;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What a single node has to send; it ends with the process. */
@Singleton
public class InMemoryOutbox implements Outbox {
    private final ArrayDeque<Item> items = new ArrayDeque<>();
    private final int most;
    private final Clock clock;
    private long places;
    private long lost;
    private long told;

    @Inject
    public InMemoryOutbox(Settings settings, Clock clock) {
        this.most = settings.webhook.queue();
        this.clock = clock;
    }

    @Override
    public synchronized void add(String text) {
        if (items.size() >= most) {
            lost++;
        } else {
            items.add(new Item(Long.toString(++places), clock.millis(), text));
        }
    }

    @Override
    public synchronized CompletionStage<Batch> next(int count, long holdMs) {
        return CompletableFuture.completedFuture(
                new Batch(items.stream().limit(count).toList(), lost - told, lost));
    }

    @Override
    public synchronized CompletionStage<?> remove(Batch batch) {
        take(batch);
        told = Math.max(told, batch.mark());
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized CompletionStage<?> giveUp(Batch batch) {
        lost += take(batch);
        return CompletableFuture.completedFuture(null);
    }

    private int take(Batch batch) {
        int before = items.size();
        for (Item item : batch.items()) {
            if (item.equals(items.peek())) {
                items.remove();
            }
        }
        return before - items.size();
    }

    @Override
    public synchronized long lost() {
        return lost;
    }

    @Override
    public CompletionStage<?> handOver() {
        return CompletableFuture.completedFuture(null); // there is nobody else
    }
}
