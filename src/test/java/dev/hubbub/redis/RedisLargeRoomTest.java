package dev.hubbub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.protocol.Raw;
import dev.hubbub.protocol.UserId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A room so large that nothing may be done with all of it at once. */
class RedisLargeRoomTest extends TwoNodes {
    private static final long MOST_MICROS = 50_000;

    @Test
    void tenThousandMembersNeverHoldRedisUp() {
        server.cli("CONFIG", "SET", "slowlog-log-slower-than", String.valueOf(MOST_MICROS), "slowlog-max-len", "1000");
        List<String> users = IntStream.range(0, 10_000)
                .mapToObj(i -> String.format("user-%05d", i))
                .toList();
        PresenceNode calm = new PresenceNode(server); // its lease is long, so that nobody sweeps behind it yet
        PresenceNode.get(Abreast.each(
                calm.link(),
                users,
                16,
                user -> calm.enter(room, user, 1, Raw.json("{\"s\":\"" + "x".repeat(200) + "\"}"))
                        .toCompletableFuture()));
        List<String> listed = new ArrayList<>();
        UserId after = null;
        do {
            var page = PresenceNode.get(one.store().list(room, after, 1000));
            page.members().forEach(m -> listed.add(m.user().value()));
            after = page.next();
        } while (after != null);
        assertThat(listed).isEqualTo(users);
        String dead = calm.incarnation();
        PresenceNode.get(one.store().scripts().evictSome(room, dead, "0"));
        assertThat(size("HLEN", Keyspace.conns(room, dead))).isBetween(9_700, 9_950);
        calm.end();
        calm.close();
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> size("ZCARD", Keyspace.leaving(room)) == 10_000);
        assertThat(size("EXISTS", Keyspace.conns(room, dead))).isZero();
        PassingTime.in(server, GRACE);
        PresenceNode.get(one.store().scripts().depart(room));
        assertThat(size("ZCARD", Keyspace.leaving(room))).isLessThanOrEqualTo(9_900);
        one.pass(GRACE);
        Awaitility.await().until(() -> one.heard().size() == 20_000);
        assertThat(one.heard().stream().filter(h -> h.startsWith("LEFT ")).collect(Collectors.toSet()))
                .isEqualTo(users.stream().map(u -> "LEFT " + u).collect(Collectors.toSet()));
        // what else the machine does may stretch one now and then
        assertThat(slowScripts()).isLessThan(5);
    }

    private int size(String command, String key) {
        return Integer.parseInt(server.cli(command, key));
    }

    private static long slowScripts() {
        return server.cli("SLOWLOG", "GET", "1000")
                .lines()
                .filter("EVALSHA"::equals)
                .count();
    }
}
