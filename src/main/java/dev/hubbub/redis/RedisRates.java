package dev.hubbub.redis;

import dev.hubbub.cluster.Rates;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Rates of all nodes together, by Redis's own clock: of each a value that ends when its bucket is full. A take whose answer
 * was lost is repeated, and may count twice: never does more get by.
 */
@Singleton
public class RedisRates implements Rates {
    private static final Script TAKE = Script.of("rate-take");

    private final RedisLink link;

    @Inject
    public RedisRates(RedisLink link) {
        this.link = link;
    }

    @Override
    public CompletionStage<Long> take(String name, int perMinute) {
        return link.orUnavailable(link.run(TAKE, List.of(Keyspace.rate(name)), perMinute)
                .thenApply(reply -> Long.parseLong(RedisLink.text(reply.get(0)))));
    }
}
