package dev.hubbub.cluster;

import jakarta.inject.Singleton;
import java.util.concurrent.ConcurrentHashMap;

/** Quotas of a single node; they end with the process. */
@Singleton
public class InMemoryQuotas implements Quotas {
    private final ConcurrentHashMap<String, Integer> taken = new ConcurrentHashMap<>();

    @Override
    public boolean take(String name, int limit) {
        int[] after = new int[1];
        taken.compute(name, (n, count) -> {
            int had = count == null ? 0 : count;
            after[0] = had + 1;
            return had >= limit ? count : Integer.valueOf(had + 1);
        });
        return after[0] <= limit;
    }

    @Override
    public void giveBack(String name) {
        taken.computeIfPresent(name, (n, count) -> count == 1 ? null : Integer.valueOf(count - 1));
    }
}
