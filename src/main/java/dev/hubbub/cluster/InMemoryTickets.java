package dev.hubbub.cluster;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

/** Tickets of a single node. */
@Singleton
public class InMemoryTickets implements Tickets {
    /** More than anybody redeems within a ticket's life; the oldest go first. */
    private static final int MOST = 100_000;

    /** How long a stream may be away and come back with its ticket. */
    private static final Duration STREAM_LIFE = Duration.ofHours(24);

    private final Cache<String, String> holders;
    private final Cache<String, String> streams;
    private final SecureRandom random = new SecureRandom();

    @Inject
    public InMemoryTickets(Clock clock) {
        Ticker ticker = () -> clock.millis() * 1_000_000;
        holders = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterWrite(Duration.ofMillis(LIFE_MS))
                .ticker(ticker)
                .build();
        streams = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterAccess(STREAM_LIFE)
                .ticker(ticker)
                .build();
    }

    @Override
    public String issue(String holder) {
        byte[] bits = new byte[16];
        random.nextBytes(bits);
        String ticket = Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
        holders.put(ticket, holder);
        return ticket;
    }

    @Override
    public Optional<String> take(String ticket) {
        // read first: an expired entry is only told by a read
        String holder = holders.getIfPresent(ticket);
        return holder != null && holders.asMap().remove(ticket, holder) ? Optional.of(holder) : Optional.empty();
    }

    @Override
    public Optional<String> takeForStream(String ticket, boolean reconnect) {
        Optional<String> first = take(ticket);
        first.ifPresent(holder -> streams.put(ticket, holder));
        return first.isPresent() || !reconnect ? first : Optional.ofNullable(streams.getIfPresent(ticket));
    }
}
