package dev.hubbub.redis;

import dev.hubbub.cluster.Tickets;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Tickets that every node knows, each a value that expires. Callers wait for Redis, a second at most; each method throws
 * {@link dev.hubbub.cluster.Unavailable} where it does not answer.
 */
@Singleton
public class RedisTickets implements Tickets {
    /** How long a stream may be away and come back with its ticket. */
    private static final Duration STREAM_LIFE = Duration.ofHours(24);

    private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9_-]{22}");
    private static final Script ISSUE = Script.of("ticket-issue");
    private static final Script TAKE = Script.of("ticket-take");
    private static final Script STREAM = Script.of("ticket-stream");

    private final RedisLink link;

    @Inject
    public RedisTickets(RedisLink link) {
        this.link = link;
    }

    @Override
    public String issue(String holder) {
        String ticket = Ids.secret(16);
        Waiting.await(link.run(ISSUE, List.of(Keyspace.ticket(ticket)), holder, LIFE_MS));
        return ticket;
    }

    @Override
    public Optional<String> take(String ticket) {
        return taken(ticket, TAKE, List.of(Keyspace.ticket(ticket)));
    }

    @Override
    public Optional<String> takeForStream(String ticket, boolean reconnect) {
        List<String> keys = List.of(Keyspace.ticket(ticket), Keyspace.streamTicket(ticket));
        return taken(ticket, STREAM, keys, STREAM_LIFE.toMillis(), reconnect ? "1" : "0");
    }

    private Optional<String> taken(String ticket, Script script, List<String> keys, Object... args) {
        if (!SHAPE.matcher(ticket).matches()) {
            return Optional.empty(); // Redis need not be asked
        }
        return Waiting.await(link.run(script, keys, args)).stream().findFirst().map(RedisLink::text);
    }
}
