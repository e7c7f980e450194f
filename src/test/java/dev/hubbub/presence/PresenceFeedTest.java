package dev.hubbub.presence;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.cluster.PresenceChange;
import dev.hubbub.cluster.PresenceChange.Kind;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.Member;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import dev.hubbub.support.StrictJson;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PresenceFeedTest {
    private static final long TS = 1_780_000_000_000L;
    private final PresenceFeed feed =
            new PresenceFeed(new RoomName("lobby"), new Settings.Presence(15_000, 200, 2_000, 0));
    private long rev;

    private boolean add(Kind kind, String user, int count) {
        rev++;
        Member member = new Member(new UserId(user), null, Member.NO_STATUS, TS, 1);
        return feed.add(new PresenceChange(kind, rev, count, member, 0, TS + rev));
    }

    /** Everything that a subscriber at a revision is told now. */
    private List<JsonNode> told(long from, boolean lagging) {
        List<JsonNode> frames = new ArrayList<>();
        long at = from;
        for (PresenceFeed.Step step = feed.next(at, lagging); step != null; step = feed.next(at, lagging)) {
            JsonNode frame = StrictJson.parse(step.frame().json());
            assertThat(frame.path("data").path("rev").asLong()).isEqualTo(step.rev());
            assertThat(step.rev()).isGreaterThan(at);
            at = step.rev();
            frames.add(frame);
        }
        return frames;
    }

    private static List<String> types(List<JsonNode> frames) {
        return frames.stream().map(f -> f.path("type").asText()).toList();
    }

    private static List<String> users(JsonNode changed, String list) {
        List<String> users = new ArrayList<>();
        changed.path("data").path(list).forEach(m -> users.add(m.path("user").asText()));
        return users;
    }

    @Test
    void inASmallRoomEachChangeIsToldAtOnce() {
        assertThat(add(Kind.JOINED, "ann", 1)).isTrue();
        assertThat(add(Kind.UPDATED, "ann", 1)).isTrue();
        assertThat(add(Kind.LEFT, "ann", 0)).isTrue();
        assertThat(types(told(0, false))).containsExactly("presence.joined", "presence.updated", "presence.left");
        assertThat(types(told(2, false))).containsExactly("presence.left");
        assertThat(told(3, false)).isEmpty();
    }

    @Test
    void overTheThresholdChangesAreToldTogetherAtTheNextTick() {
        for (int i = 1; i <= 5; i++) {
            assertThat(add(Kind.JOINED, "user-" + i, 200 + i)).isFalse();
        }
        assertThat(told(0, false)).isEmpty();
        assertThat(feed.tick(TS + 1000)).isTrue();
        assertThat(feed.tick(TS + 2000)).isFalse();
        JsonNode changed = told(0, false).get(0);
        assertThat(changed.path("type").asText()).isEqualTo("presence.changed");
        assertThat(changed.path("data").path("fromRev").asLong()).isZero();
        assertThat(changed.path("data").path("rev").asLong()).isEqualTo(5);
        assertThat(changed.path("data").path("count").asLong()).isEqualTo(205);
        assertThat(users(changed, "joined")).containsExactly("user-1", "user-2", "user-3", "user-4", "user-5");
        assertThat(told(5, false)).isEmpty();
    }

    @Test
    void atTheThresholdEachChangeIsStillToldAtOnce() {
        assertThat(add(Kind.JOINED, "ann", 200)).isTrue();
        assertThat(add(Kind.JOINED, "ben", 201)).isFalse();
    }

    @Test
    void overTwoThousandMembersOnlyTheCountIsTold() {
        add(Kind.JOINED, "ann", 2001);
        feed.tick(TS);
        JsonNode changed = told(0, false).get(0);
        assertThat(changed.path("data").path("count").asInt()).isEqualTo(2001);
        assertThat(users(changed, "joined")).isEmpty();
        assertThat(users(changed, "left")).isEmpty();
        assertThat(users(changed, "updated")).isEmpty();
    }

    @Test
    void aLaggingSubscriberIsToldTogetherInASmallRoomToo() {
        add(Kind.JOINED, "ann", 1);
        add(Kind.JOINED, "ben", 2);
        List<JsonNode> frames = told(0, true);
        assertThat(types(frames)).containsExactly("presence.changed");
        assertThat(users(frames.get(0), "joined")).containsExactly("ann", "ben");
    }

    @Test
    void whoComesAndGoesWithinItCancelsOut() {
        add(Kind.JOINED, "ann", 1);
        add(Kind.JOINED, "ben", 2);
        add(Kind.UPDATED, "ann", 2);
        add(Kind.LEFT, "ann", 1);
        JsonNode changed = told(0, true).get(0);
        assertThat(users(changed, "joined")).containsExactly("ben");
        assertThat(users(changed, "left")).isEmpty();
        assertThat(users(changed, "updated")).isEmpty();
        assertThat(changed.path("data").path("rev").asLong()).isEqualTo(4);
    }

    @Test
    void eachUserIsToldWhatBecameOfIt() {
        add(Kind.JOINED, "stays", 1);
        add(Kind.JOINED, "goes", 2);
        add(Kind.JOINED, "returns", 3);
        long from = rev;
        add(Kind.UPDATED, "stays", 3);
        add(Kind.UPDATED, "goes", 3);
        add(Kind.LEFT, "goes", 2);
        add(Kind.LEFT, "returns", 1);
        add(Kind.JOINED, "returns", 2);
        add(Kind.JOINED, "new", 3);
        add(Kind.UPDATED, "new", 3);
        JsonNode changed = told(from, true).get(0);
        assertThat(users(changed, "joined")).containsExactly("new");
        assertThat(users(changed, "left")).containsExactly("goes");
        assertThat(users(changed, "updated")).containsExactly("stays", "returns");
    }

    @Test
    void whoIsBehindWhatIsKeptIsToldToAskAgain() {
        for (int i = 0; i < 600; i++) {
            add(i % 2 == 0 ? Kind.JOINED : Kind.LEFT, "ann", 1 - i % 2);
        }
        List<JsonNode> frames = told(10, false);
        assertThat(types(frames)).containsExactly("presence.reset");
        assertThat(frames.get(0).path("data").path("rev").asLong()).isEqualTo(600);
        assertThat(types(told(599, false))).containsExactly("presence.left");
    }

    @Test
    void oldChangesAreForgotten() {
        add(Kind.JOINED, "ann", 1);
        add(Kind.JOINED, "ben", 2);
        feed.tick(TS + 60_000);
        assertThat(types(told(0, false))).containsExactly("presence.reset");
        assertThat(types(told(1, false))).containsExactly("presence.joined");
    }

    @Test
    void theCountIsThatOfTheRevision() {
        add(Kind.JOINED, "ann", 200);
        add(Kind.JOINED, "ben", 201);
        JsonNode changed = told(0, true).get(0);
        assertThat(changed.path("data").path("rev").asLong()).isEqualTo(1);
        assertThat(changed.path("data").path("count").asLong()).isEqualTo(200);
    }

    @Test
    void thoseAtOneRevisionShareTheFrame() {
        add(Kind.JOINED, "ann", 1);
        assertThat(feed.next(0, false)).isSameAs(feed.next(0, false));
        assertThat(feed.next(1, false)).isNull();
        assertThat(feed.next(5, false)).isNull();
    }
}
