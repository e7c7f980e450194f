package dev.hubbub.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.support.Api;
import dev.hubbub.support.Node;
import dev.hubbub.support.RawWebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each policy that a namespace may have, against each kind of visitor. */
class PolicyIT {
    private static final String ORIGIN = "https://example.com";
    private static final Keys FULL = Keys.of("full", "join:*", "publish:*", "presence:*", "history:*", "kick:*");
    private static final Keys BARE = Keys.of("bare");
    private static final List<String> POLICIES = List.of("nobody", "backend", "granted", "users", "anyone");
    private static Node node;
    private static Map<String, String> visitors;
    private static final List<RawWebSocket> MEMBERS = new ArrayList<>();

    @BeforeAll
    static void start() {
        List<String> options = new ArrayList<>(List.of(
                "-Dhubbub.auth.anonymous=true",
                "-Dhubbub.origins=" + ORIGIN,
                "-Dhubbub.api-keys.file=" + Sites.file(Keys.file(FULL, BARE))));
        for (String policy : POLICIES) {
            for (String what : List.of("join", "publish", "history", "members", "kick")) {
                options.add("-Dhubbub.namespace." + policy + "." + what + "=" + policy);
            }
        }
        node = Sites.start(options.toArray(String[]::new));
        visitors = Map.of(
                "anonymous", anonymous(),
                "user", Issuer.bearer(Issuer.token("user")),
                "granted",
                        Issuer.bearer(Issuer.token("granted", "*", "join", "publish", "presence", "history", "kick")),
                "key", Issuer.bearer(FULL.key()),
                "bare key", Issuer.bearer(BARE.key()));
        // rooms in use, so that there is something to look at
        for (String policy : POLICIES) {
            RawWebSocket backend = RawWebSocket.open(node, "/ws", visitors.get("key"));
            backend.join(policy + ":1");
            MEMBERS.add(backend);
        }
    }

    private static String anonymous() {
        try (RawWebSocket socket = RawWebSocket.open(node, "/ws", "Origin: " + ORIGIN)) {
            return Issuer.bearer(Sites.secret(socket.anon()));
        }
    }

    @AfterAll
    static void stop() {
        MEMBERS.forEach(RawWebSocket::close);
        Sites.stop(node);
    }

    @ParameterizedTest
    @CsvSource({
        "nobody,  anonymous,-", "nobody,  user,-", "nobody,  granted,-", "nobody,  key,all", "nobody,  bare key,-",
        "backend, anonymous,-", "backend, user,-", "backend, granted,-", "backend, key,all", "backend, bare key,-",
        "granted, anonymous,-", "granted, user,-", "granted, granted,all", "granted, key,all", "granted, bare key,-",
        "users,   anonymous,-", "users,   user,all", "users,   granted,all", "users,   key,all", "users,   bare key,-",
        "anyone,  anonymous,all", "anyone,  user,all", "anyone,  granted,all", "anyone,  key,all", "anyone,  bare key,-"
    })
    void lets(String policy, String visitor, String what) {
        Set<String> expected = what.equals("all") ? Attempts.all() : Set.of();
        assertThat(Attempts.allowed(node, policy + ":1", visitors.get(visitor))).isEqualTo(expected);
        int kick = Api.delete(node, "/api/v1/rooms/" + policy + ":1/members/x", Way.pairs(visitors.get(visitor)))
                .status();
        assertThat(kick).as("kick").isEqualTo(what.equals("all") ? 204 : 403);
    }

    @Test
    void aNamespaceWithoutAPolicyIsForThoseWhoseTokenGrantsIt() {
        assertThat(Attempts.allowed(node, "nothing:1", visitors.get("anonymous")))
                .isEmpty();
        assertThat(Attempts.allowed(node, "nothing:1", visitors.get("user"))).isEmpty();
        assertThat(Attempts.allowed(node, "plain", visitors.get("user"))).isEmpty();
    }

    @Test
    void nobodyIsInAnonymousUsersRoomsButThey() {
        String user = visitors.get("anonymous").replaceFirst(".* ", "").replaceFirst("\\..*", "");
        String own = "user:" + user;
        assertThat(Attempts.allowed(node, own, visitors.get("granted"))).isEmpty();
        assertThat(Api.get(node, "/api/v1/rooms/" + own + "/messages", Way.pairs(visitors.get("anonymous")))
                        .status())
                .isEqualTo(200);
    }
}
