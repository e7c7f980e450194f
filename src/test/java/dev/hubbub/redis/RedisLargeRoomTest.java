package dev.hubbub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.protocol.Raw;
import dev.hubbub.protocol.UserId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A room so large that nothing may be done with all of it at once. */
class RedisLargeRoomTest extends TwoNodes {
    private static final String SLOW_MICROS = "50000";

    @Test
    void tenThousandMembersNeverHoldRedisUp() {
        server.cli("CONFIG", "SET", "slowlog-log-slower-than", SLOW_MICROS);
        List<String> users = IntStream.range(0, 10_000)
                .mapToObj(i -> String.format("user-%05d", i))
                .toList();
        PresenceNode.get(Abreast.each(
                two.link(),
                users,
                200,
                user -> two.enter(room, user, 1, Raw.json("{\"s\":\"" + "x".repeat(200) + "\"}"))
                        .toCompletableFuture()));
        List<String> listed = new ArrayList<>();
        UserId after = null;
        do {
            var page = PresenceNode.get(one.store().list(room, after, 1000));
            page.members().forEach(m -> listed.add(m.user().value()));
            after = page.next();
        } while (after != null);
        assertThat(listed).isEqualTo(users);
        String dead = two.incarnation();
        two.close();
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> server.cli("ZCARD", Keyspace.leaving(room)).equals("10000"));
        assertThat(server.cli("EXISTS", Keyspace.conns(room, dead))).isEqualTo("0");
        PassingTime.in(server, GRACE);
        one.pass(GRACE);
        Awaitility.await().until(() -> one.heard().size() == 20_000);
        assertThat(one.heard().stream().filter(h -> h.startsWith("LEFT ")).collect(Collectors.toSet()))
                .isEqualTo(users.stream().map(u -> "LEFT " + u).collect(Collectors.toSet()));
        // PassingTime alone may be slow
        assertThat(slow()).isEmpty();
    }

    /** Every script that took longer than {@link #SLOW_MICROS}, with its keys, arguments and time. */
    private static List<String> slow() {
        return Stream.of(server.cli("SLOWLOG", "GET", "100").split("\n(?=\\d+\n1\\d{9}\n)"))
                .filter(entry -> entry.contains("EVALSHA"))
                .toList();
    }
}
