package dev.hubbub.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.support.Api;
import dev.hubbub.support.EventStream;
import dev.hubbub.support.Node;
import dev.hubbub.support.Nodes;
import dev.hubbub.support.RawWebSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Presence on a node with a grace period of 2 s, which coalesces over 8 members and counts over 12. */
class PresenceIT {
    private final Node node = Nodes.shared();
    private final String room = Nodes.room("chat");

    private String in(String more) {
        return "{\"room\":\"" + room + "\"" + more + "}";
    }

    private static List<String> users(JsonNode members) {
        List<String> users = new ArrayList<>();
        members.forEach(m -> users.add(m.get("user").asText()));
        return users;
    }

    private static JsonNode change(RawWebSocket socket, String type, String user) {
        JsonNode data = socket.next("presence." + type).get("data");
        assertThat(data.at("/member/user").asText()).isEqualTo(user);
        return data;
    }

    /** All presence frames that have come, after everything that was caused so far has. */
    private List<String> told(RawWebSocket socket, RawWebSocket by) {
        by.tell("room.publish", in(",\"payload\":1"));
        socket.message(room);
        socket.barrier();
        return socket.pending().stream()
                .map(f -> f.get("type").asText())
                .filter(t -> t.startsWith("presence."))
                .toList();
    }

    @Test
    void joinAnswersWithTheMembersAndTellsTheOthers() {
        try (RawWebSocket ann = RawWebSocket.open(node);
                RawWebSocket bob = RawWebSocket.open(node)) {
            JsonNode joined = ann.join(room, ",\"status\":{\"away\":false}");
            assertThat(joined.get("count").asInt()).isEqualTo(1);
            assertThat(users(joined.get("members"))).containsExactly(ann.user());
            assertThat(joined.at("/members/0/status/away").asBoolean(true)).isFalse();
            assertThat(joined.at("/members/0/conns").asInt()).isEqualTo(1);
            long rev = joined.get("rev").asLong();
            JsonNode second = bob.join(room);
            assertThat(second.get("rev").asLong()).isEqualTo(rev + 1);
            assertThat(users(second.get("members"))).containsExactlyInAnyOrder(ann.user(), bob.user());
            JsonNode change = change(ann, "joined", bob.user());
            assertThat(change.get("rev").asLong()).isEqualTo(rev + 1);
            assertThat(change.get("count").asInt()).isEqualTo(2);
            assertThat(change.at("/member/status").isEmpty()).isTrue();
            // nobody hears of oneself what the reply has said already
            assertThat(told(bob, ann)).isEmpty();
            assertThat(told(ann, bob)).isEmpty();
        }
    }

    @Test
    void leaveIsTold() {
        try (RawWebSocket ann = RawWebSocket.open(node);
                RawWebSocket bob = RawWebSocket.open(node)) {
            ann.join(room);
            bob.join(room);
            bob.ok("room.leave", in(""));
            JsonNode left = change(ann, "left", bob.user());
            assertThat(left.get("count").asInt()).isEqualTo(1);
            assertThat(left.at("/member/conns").asInt()).isZero();
            assertThat(left.at("/member/lastSeen").asLong()).isPositive();
        }
    }

    @Test
    void closedOnPurposeIsLeftAtOnce() {
        try (RawWebSocket ann = RawWebSocket.open(node)) {
            ann.join(room);
            try (RawWebSocket bob = RawWebSocket.open(node);
                    RawWebSocket cyd = RawWebSocket.open(node);
                    RawWebSocket dee = RawWebSocket.open(node)) {
                List<RawWebSocket> all = List.of(bob, cyd, dee);
                all.forEach(s -> s.join(room));
                for (RawWebSocket socket : all) {
                    change(ann, "joined", socket.user());
                }
                bob.close(1000);
                assertLeftAtOnce(ann, bob.user(), 3);
                cyd.closeWithoutCode();
                assertLeftAtOnce(ann, cyd.user(), 2);
                assertThat(Api.delete(node, "/api/v1/connections/" + dee.conn()).status())
                        .isEqualTo(204);
                assertThat(dee.end().code()).isEqualTo(4003);
                assertLeftAtOnce(ann, dee.user(), 1);
            }
        }
    }

    private static void assertLeftAtOnce(RawWebSocket socket, String user, int count) {
        JsonNode frame = socket.next("presence.left");
        assertThat(frame.at("/data/member/user").asText()).isEqualTo(user);
        assertThat(frame.at("/data/count").asInt()).isEqualTo(count);
        assertThat(frame.get("ts").asLong() - frame.at("/data/member/lastSeen").asLong())
                .isLessThan(1500);
    }

    @Test
    void allOtherEndsHaveTheGracePeriod() {
        try (RawWebSocket ann = RawWebSocket.open(node)) {
            ann.join(room);
            RawWebSocket bob = RawWebSocket.open(node);
            bob.join(room);
            bob.close(1001);
            RawWebSocket cyd = RawWebSocket.open(node);
            cyd.join(room);
            cyd.reset();
            RawWebSocket dee = RawWebSocket.open(node);
            dee.join(room);
            dee.close();
            JsonNode listed = ann.ok("presence.list", in(""));
            assertThat(users(listed.get("members"))).contains(bob.user(), cyd.user(), dee.user());
            assertThat(listed.get("members").findValuesAsText("conns")).contains("0");
            for (int i = 0; i < 3; i++) {
                JsonNode frame = ann.next("presence.left");
                assertThat(frame.get("ts").asLong()
                                - frame.at("/data/member/lastSeen").asLong())
                        .isBetween(2000L, 6000L);
            }
            assertThat(told(ann, ann)).containsExactly("presence.joined", "presence.joined", "presence.joined");
        }
    }

    @Test
    void reloadIsNotSeenAndTheStatusSurvivesIt() {
        try (RawWebSocket ann = RawWebSocket.open(node)) {
            ann.join(room);
            RawWebSocket bob = RawWebSocket.open(node);
            bob.join(room, ",\"status\":{\"text\":\"here\"}");
            JsonNode joined = change(ann, "joined", bob.user());
            bob.close(1001);
            try (RawWebSocket again = RawWebSocket.open(node, "/ws?anon=" + bob.anon())) {
                JsonNode reply = again.join(room);
                assertThat(reply.get("rev")).isEqualTo(joined.get("rev"));
                for (JsonNode member : reply.get("members")) {
                    if (member.get("user").asText().equals(bob.user())) {
                        assertThat(member.at("/status/text").asText()).isEqualTo("here");
                        assertThat(member.get("since")).isEqualTo(joined.at("/member/since"));
                        assertThat(member.get("conns").asInt()).isEqualTo(1);
                    }
                }
                // the grace period of the first connection passes: a third user, who goes after it, is told first
                RawWebSocket cyd = RawWebSocket.open(node);
                cyd.join(room);
                cyd.close(1001);
                change(ann, "joined", cyd.user());
                change(ann, "left", cyd.user());
                assertThat(told(ann, again)).isEmpty();
            }
        }
    }

    @Test
    void severalTabsAreOneMember() {
        try (RawWebSocket ann = RawWebSocket.open(node);
                RawWebSocket bob = RawWebSocket.open(node);
                RawWebSocket tab = bob.another(node)) {
            ann.join(room);
            bob.join(room);
            change(ann, "joined", bob.user());
            JsonNode reply = tab.join(room);
            assertThat(reply.get("count").asInt()).isEqualTo(2);
            assertThat(reply.get("members").findValuesAsText("conns")).containsExactlyInAnyOrder("1", "2");
            bob.close(1000);
            assertThat(told(ann, tab)).isEmpty();
            tab.close(1000);
            change(ann, "left", bob.user());
        }
    }

    @Test
    void statusIsPerUserAndTheLastOneWins() {
        try (RawWebSocket ann = RawWebSocket.open(node);
                RawWebSocket bob = RawWebSocket.open(node);
                RawWebSocket tab = bob.another(node)) {
            ann.join(room);
            bob.join(room);
            tab.join(room);
            assertThat(bob.ok("presence.update", in(",\"status\":{\"away\":true, \"text\":\"lunch\"}"))
                            .isEmpty())
                    .isTrue();
            assertThat(change(ann, "updated", bob.user())
                            .at("/member/status/text")
                            .asText())
                    .isEqualTo("lunch");
            tab.ok("presence.update", in(",\"status\":{}"));
            assertThat(change(ann, "updated", bob.user()).at("/member/status").isEmpty())
                    .isTrue();
            // joining again with a status changes it, without one leaves it
            bob.join(room, ",\"status\":{\"n\":1}");
            assertThat(change(ann, "updated", bob.user()).at("/member/status/n").asInt())
                    .isEqualTo(1);
            bob.join(room);
            assertThat(told(ann, tab)).containsExactly("presence.joined");
            String tooLarge = ",\"status\":{\"t\":\"" + "x".repeat(1024) + "\"}";
            assertThat(bob.fails("presence.update", in(tooLarge)).get("code").asText())
                    .isEqualTo("INVALID_ARGUMENT");
            String largest = ",\"status\":{\"t\":\"" + "x".repeat(1024 - 8) + "\"}";
            bob.ok("presence.update", in(largest));
        }
    }

    @Test
    void listenHearsAndIsNotListedAndOffIsNeither() {
        try (RawWebSocket ann = RawWebSocket.open(node);
                RawWebSocket bob = RawWebSocket.open(node);
                RawWebSocket cyd = RawWebSocket.open(node)) {
            JsonNode listening = ann.join(room, ",\"presence\":\"listen\"");
            assertThat(listening.get("count").asInt()).isZero();
            assertThat(listening.get("members")).isEmpty();
            JsonNode off = bob.join(room, ",\"presence\":\"off\"");
            assertThat(off.has("rev") || off.has("count") || off.has("members")).isFalse();
            cyd.join(room);
            change(ann, "joined", cyd.user());
            assertThat(told(bob, cyd)).isEmpty();
            for (RawWebSocket socket : List.of(ann, bob)) {
                assertThat(socket.fails("presence.update", in(",\"status\":{}"))
                                .get("code")
                                .asText())
                        .isEqualTo("FAILED_PRECONDITION");
            }
            // from listen to full: listed; from full to another: left at once
            assertThat(ann.join(room, ",\"presence\":\"full\"").get("count").asInt())
                    .isEqualTo(2);
            change(cyd, "joined", ann.user());
            ann.join(room);
            assertThat(told(cyd, cyd)).isEmpty();
            ann.join(room, ",\"presence\":\"listen\"");
            change(cyd, "left", ann.user());
            bob.join(room, ",\"presence\":\"full\"");
            change(cyd, "joined", bob.user());
            change(ann, "joined", bob.user());
        }
    }

    @Test
    void listIsPagedInOrderOfTheUsers() {
        List<RawWebSocket> sockets = new ArrayList<>();
        try (RawWebSocket ann = RawWebSocket.open(node)) {
            for (int i = 0; i < 7; i++) {
                RawWebSocket socket = RawWebSocket.open(node);
                socket.join(room);
                sockets.add(socket);
            }
            List<String> expected =
                    sockets.stream().map(RawWebSocket::user).sorted().toList();
            List<String> paged = new ArrayList<>();
            String after = "";
            int pages = 0;
            do {
                JsonNode page = ann.ok("presence.list", in(after + ",\"limit\":3"));
                assertThat(page.get("count").asInt()).isEqualTo(7);
                paged.addAll(users(page.get("members")));
                after = page.has("next") ? ",\"after\":\"" + page.get("next").asText() + "\"" : null;
                pages++;
            } while (after != null);
            assertThat(paged).isEqualTo(expected);
            assertThat(pages).isEqualTo(3);
            assertThat(ann.ok("presence.list", in("")).get("members")).hasSize(7);
            Api.Reply http = Api.get(node, "/api/v1/rooms/" + room + "/members?limit=7");
            assertThat(users(http.body().get("items"))).isEqualTo(expected);
            assertThat(http.body().has("next")).isFalse();
        } finally {
            sockets.forEach(RawWebSocket::close);
        }
    }

    @Test
    void joinAnswersWithTheFirstPageAndTheListGivesTheRest() {
        List<RawWebSocket> sockets = new ArrayList<>();
        try (RawWebSocket ann = RawWebSocket.open(node)) {
            for (int i = 0; i < 102; i++) {
                RawWebSocket socket = RawWebSocket.open(node);
                sockets.add(socket);
                socket.join(room);
            }
            JsonNode joined = ann.join(room, ",\"presence\":\"listen\"");
            assertThat(joined.get("count").asInt()).isEqualTo(102);
            List<String> all = users(joined.get("members"));
            assertThat(all).hasSize(100);
            JsonNode rest = ann.ok("presence.list", in(",\"after\":\"" + all.get(99) + "\""));
            assertThat(rest.get("rev")).isEqualTo(joined.get("rev"));
            assertThat(rest.has("next")).isFalse();
            all.addAll(users(rest.get("members")));
            assertThat(all)
                    .isEqualTo(sockets.stream().map(RawWebSocket::user).sorted().toList());
        } finally {
            sockets.forEach(RawWebSocket::close);
        }
    }

    @Test
    void roomWithoutPresence() {
        String plain = Nodes.room("plain");
        try (RawWebSocket ann = RawWebSocket.open(node)) {
            assertThat(ann.join(plain).has("members")).isFalse();
            for (String type : new String[] {"presence.list", "presence.update"}) {
                assertThat(ann.fails(type, "{\"room\":\"" + plain + "\",\"status\":{}}")
                                .get("code")
                                .asText())
                        .isEqualTo("FAILED_PRECONDITION");
            }
        }
    }

    @Test
    void largerRoomsAreToldTogetherAtMostOnceASecond() {
        List<RawWebSocket> sockets = new ArrayList<>();
        try (RawWebSocket ann = RawWebSocket.open(node)) {
            ann.join(room);
            for (int i = 0; i < 8; i++) {
                RawWebSocket socket = RawWebSocket.open(node);
                socket.join(room);
                sockets.add(socket);
            }
            // the eighth and ninth may have gathered; get to a known state
            long rev = 0;
            while (rev < 9) {
                rev = ann.next(f -> f.get("type").asText().startsWith("presence."), "presence")
                        .at("/data/rev")
                        .asLong();
            }
            // one comes and goes, one comes, one updates: all within about a second
            try (RawWebSocket passing = RawWebSocket.open(node);
                    RawWebSocket staying = RawWebSocket.open(node)) {
                passing.join(room);
                passing.ok("room.leave", in(""));
                staying.join(room);
                sockets.get(0).ok("presence.update", in(",\"status\":{\"n\":1}"));
                List<String> joined = new ArrayList<>();
                List<String> left = new ArrayList<>();
                List<String> updated = new ArrayList<>();
                long lastTs = 0;
                while (rev < 13) {
                    JsonNode frame = ann.next(f -> f.get("type").asText().startsWith("presence."), "presence");
                    assertThat(frame.get("type").asText()).isEqualTo("presence.changed");
                    JsonNode data = frame.get("data");
                    assertThat(data.get("fromRev").asLong()).isEqualTo(rev);
                    rev = data.get("rev").asLong();
                    joined.addAll(users(data.get("joined")));
                    left.addAll(users(data.get("left")));
                    updated.addAll(users(data.get("updated")));
                    lastTs = frame.get("ts").asLong();
                }
                assertThat(rev).isEqualTo(13);
                assertThat(lastTs).isPositive();
                assertThat(joined).contains(staying.user());
                assertThat(left)
                        .hasSameSizeAs(
                                joined.stream().filter(passing.user()::equals).toList());
                assertThat(updated).containsExactly(sockets.get(0).user());
            }
        } finally {
            sockets.forEach(RawWebSocket::close);
        }
    }

    @Test
    void inTheLargestRoomsOnlyTheCountIsPushed() {
        List<RawWebSocket> sockets = new ArrayList<>();
        try (RawWebSocket ann = RawWebSocket.open(node)) {
            ann.join(room);
            for (int i = 0; i < 14; i++) {
                RawWebSocket socket = RawWebSocket.open(node);
                socket.join(room, ",\"presence\":\"full\"");
                sockets.add(socket);
            }
            JsonNode last =
                    ann.next(f -> f.at("/data/count").asInt() == 15, "count").get("data");
            assertThat(last.has("joined") || last.has("left") || last.has("updated"))
                    .isFalse();
            assertThat(last.get("rev").asInt()).isEqualTo(15);
            assertThat(ann.ok("presence.list", in("")).get("members")).hasSize(15);
        } finally {
            sockets.forEach(RawWebSocket::close);
        }
    }

    @Test
    void sseClientIsListed() {
        try (RawWebSocket ann = RawWebSocket.open(node)) {
            ann.join(room);
            EventStream stream = EventStream.open(node, "presence=full&room=" + room);
            String user = stream.next("session.opened").content().get("user").asText();
            assertThat(stream.next("room.joined").content().get("count").asInt())
                    .isEqualTo(2);
            change(ann, "joined", user);
            ann.ok("presence.update", in(",\"status\":{\"n\":1}"));
            // one change, or the coalesced form where the stream has not taken all yet
            assertThat(stream.next(t -> t.matches("presence.(updated|changed)"), "presence")
                            .text())
                    .contains(ann.user());
            stream.close();
            change(ann, "left", user); // noticed by a keepalive, then the grace period
        }
    }
}
