package dev.hubbub.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.support.Api;
import dev.hubbub.support.EventStream;
import dev.hubbub.support.Node;
import dev.hubbub.support.RawWebSocket;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a token grants is what its user may do, on every way, and nothing else is. */
class RightsIT {
    private static final String ROOM = "club:1";
    private static Node node;
    private static RawWebSocket member;

    @BeforeAll
    static void start() {
        node = Sites.start();
        member = RawWebSocket.open(node, "/ws", Issuer.bearer(Issuer.token("member", "*", Issuer.ALL)));
        member.join(ROOM);
    }

    @AfterAll
    static void stop() {
        member.close();
        Sites.stop(node);
    }

    /** Every set of rights that there is. */
    static List<Set<String>> rights() {
        List<String> all = List.of(Issuer.ALL);
        return IntStream.range(0, 1 << all.size())
                .mapToObj(bits -> all.stream()
                        .filter(right -> (bits >> all.indexOf(right) & 1) != 0)
                        .collect(Collectors.<String, Set<String>>toCollection(TreeSet::new)))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("rights")
    void eachSetOfRightsAllowsWhatNeedsNoOthersOnEveryWay(Set<String> rights) {
        String token = Issuer.token("ann", ROOM, rights.toArray(String[]::new));
        assertThat(Attempts.allowed(node, ROOM, Issuer.bearer(token))).isEqualTo(Attempts.withRights(rights));
        assertThat(Attempts.allowed(node, "club:2", Issuer.bearer(token))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "chat:*|chat:a chat:a:b|chat chatter:a chatter Chat:a default:chat:a",
                "chat:a|chat:a|chat:ab chat:a:b chat:b",
                "chat:a*|chat:a chat:ab chat:a:b|chat:b chat",
                "chat|chat|chat:a chatter",
                "*|chat lobby chat:a|"
            })
    void patternsAreNamesOrWhatNamesBeginWith(String pattern, String rooms, String others) {
        String[] header = {"Authorization", "Bearer " + Issuer.token("ann", pattern, "history")};
        for (String room : rooms.split(" ")) {
            assertThat(Api.get(node, "/api/v1/rooms/" + room + "/messages", header)
                            .status())
                    .as(room)
                    .isEqualTo(200);
        }
        for (String room : others == null ? new String[0] : others.split(" ")) {
            assertThat(Api.get(node, "/api/v1/rooms/" + room + "/messages", header)
                            .status())
                    .as(room)
                    .isEqualTo(403);
        }
    }

    @ParameterizedTest
    @CsvSource({"user:bob,*", "user:bob,user:*", "user:bob,user:bob", "user:ann:x,*", "user:bob:ann,*"})
    void nobodyGetsIntoAnotherUsersRoomWhateverTheTokenSays(String room, String pattern) {
        String token = Issuer.token("ann", pattern, "join", "publish", "presence", "history", "kick");
        Set<String> allowed = Attempts.allowed(node, room, "X-None: 1", Issuer.bearer(token));
        assertThat(allowed).isEmpty();
        String[] header = {"Authorization", "Bearer " + token};
        assertThat(Api.post(node, "/api/v1/users/bob/messages", "{\"payload\":1}", header)
                        .status())
                .isEqualTo(403);
        assertThat(Api.delete(node, "/api/v1/rooms/" + room + "/members/bob", header)
                        .status())
                .isEqualTo(403);
    }

    @Test
    void aUsersOwnRoomNeedsNoGrant() {
        String token = Issuer.token("bob");
        try (RawWebSocket socket = RawWebSocket.open(node, "/ws", Issuer.bearer(token));
                EventStream stream = EventStream.open(node, "room=user:bob&replay=1", Issuer.bearer(token))) {
            assertThat(stream.status()).isEqualTo(200);
            assertThat(Api.post(
                                    node,
                                    "/api/v1/users/bob/messages",
                                    "{\"payload\":1}",
                                    "Authorization",
                                    "Bearer " + token)
                            .status())
                    .isEqualTo(201);
            assertThat(socket.message("user:bob").get("payload").asInt()).isEqualTo(1);
            socket.ok("room.history", "{\"room\":\"user:bob\"}");
        }
    }

    @Test
    void withoutTheRightToPresenceAJoinThatAsksForNoneIsWithoutIt() {
        String token = Issuer.token("hidden", ROOM, "join");
        try (RawWebSocket socket = RawWebSocket.open(node, "/ws", Issuer.bearer(token));
                EventStream stream = EventStream.open(node, "room=" + ROOM, Issuer.bearer(token))) {
            assertThat(socket.join(ROOM).has("members")).isFalse();
            assertThat(stream.next("room.joined").content().has("members")).isFalse();
            assertThat(member.ok("presence.list", "{\"room\":\"" + ROOM + "\"}").toString())
                    .doesNotContain("hidden");
            // a status is for those who are listed
            assertThat(socket.fails("presence.update", "{\"room\":\"" + ROOM + "\",\"status\":{\"a\":1}}")
                            .get("code")
                            .asText())
                    .isEqualTo("FAILED_PRECONDITION");
        }
    }

    @Test
    void noTokenGrantsWhatIsForBackends() {
        String token = Issuer.token("ann", "*", "join", "publish", "presence", "history", "kick");
        String[] header = {"Authorization", "Bearer " + token};
        for (String call : List.of(
                "GET rooms",
                "GET users/ann",
                "GET users/bob",
                "POST users/ann/disconnect",
                "GET connections",
                "GET connections?user=ann",
                "GET connections/" + member.conn(),
                "DELETE connections/" + member.conn(),
                "GET nodes",
                "POST nodes/one/drain")) {
            List<String> parts = Arrays.asList(call.split(" "));
            Api.Reply reply = Api.call(node, parts.get(0), "/api/v1/" + parts.get(1), null, header);
            assertThat(reply.status()).as(call).isEqualTo(403);
            assertThat(reply.body().get("code").asText()).isEqualTo("PERMISSION_DENIED");
        }
        member.barrier();
    }
}
