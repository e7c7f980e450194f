package dev.hubbub.presence;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.cluster.PresenceChange;
import dev.hubbub.cluster.PresenceChange.Kind;
import dev.hubbub.cluster.PresenceState;
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
    private static final String EPOCH = "e";
    private static final String NEXT_EPOCH = "f";
    private final PresenceFeed feed =
            new PresenceFeed(new RoomName("lobby"), new Settings.Presence(15_000, 200, 2_000, 0));
    private long rev;

    private boolean add(Kind kind, String user, int count) {
        rev++;
        return feed.add(change(kind, EPOCH, rev, user, count));
    }

    private static PresenceChange change(Kind kind, String epoch, long rev, String user, int count) {
        Member member = new Member(new UserId(user), null, Member.NO_STATUS, TS, 1);
        return new PresenceChange(kind, epoch, rev, count, member, 0, TS + rev);
    }

    private static PresenceState state(String epoch, long rev, int count) {
        return new PresenceState(epoch, rev, count);
    }

    private void assertReset(long from, long rev, int count) {
        List<JsonNode> frames = told(from, false);
        assertThat(types(frames)).containsExactly("presence.reset");
        assertThat(frames.get(0).path("data").path("rev").asLong()).isEqualTo(rev);
        assertThat(frames.get(0).path("data").path("count").asInt()).isEqualTo(count);
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
    void whatComesLateOfAnEpochThatIsOverIsNoNews() {
        feed.add(change(Kind.JOINED, EPOCH, 500, "ann", 1));
        feed.compare(state(NEXT_EPOCH, 3, 1), TS);
        assertReset(0, 3, 1);
        assertThat(feed.add(change(Kind.JOINED, EPOCH, 501, "ben", 2))).isFalse();
        assertThat(told(3, false)).isEmpty();
        feed.add(change(Kind.JOINED, NEXT_EPOCH, 4, "cyd", 2));
        assertThat(told(3, false)).hasSize(1);
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

    @Test
    void whatDoesNotComeWithinASecondIsLostAndTold() {
        add(Kind.JOINED, "ann", 1);
        add(Kind.JOINED, "ben", 2);
        assertThat(feed.compare(state(EPOCH, 3, 1), TS)).isFalse();
        assertThat(feed.isDoubtful(TS + 999)).isFalse();
        assertThat(feed.compare(state(EPOCH, 3, 1), TS + 999)).isFalse();
        assertThat(told(2, false)).isEmpty();
        assertThat(feed.isDoubtful(TS + 1000)).isTrue();
        assertThat(feed.compare(state(EPOCH, 4, 2), TS + 1000)).isTrue();
        assertReset(2, 4, 2);
        assertThat(told(4, false)).isEmpty();
        assertThat(feed.isDoubtful(TS + 9000)).isFalse();
        rev = 4;
        add(Kind.LEFT, "ben", 1);
        assertThat(types(told(4, false))).containsExactly("presence.left");
    }

    @Test
    void whatWasUnderWayIsNotLost() {
        add(Kind.JOINED, "ann", 1);
        feed.compare(state(EPOCH, 2, 2), TS);
        add(Kind.JOINED, "ben", 2);
        assertThat(feed.isDoubtful(TS + 1000)).isFalse();
        assertThat(feed.compare(state(EPOCH, 3, 1), TS + 1000)).isFalse();
        add(Kind.LEFT, "ben", 1);
        assertThat(feed.compare(state(EPOCH, 3, 1), TS + 2000)).isFalse();
        assertThat(types(told(1, false))).containsExactly("presence.joined", "presence.left");
    }

    @Test
    void aRevisionThatIsGivenTwiceIsNotTakenForARepeat() {
        add(Kind.JOINED, "ann", 1);
        add(Kind.JOINED, "ben", 2);
        feed.add(change(Kind.JOINED, EPOCH, 2, "ben", 2));
        assertThat(feed.isDoubtful(TS)).isFalse();
        assertThat(feed.heard(EPOCH)).isEqualTo(2);
        feed.add(change(Kind.LEFT, EPOCH, 2, "ann", 0));
        assertThat(feed.isDoubtful(TS)).isTrue();
        // whoever keeps the room goes on behind it
        assertThat(feed.heard(EPOCH)).isEqualTo(3);
        feed.compare(state(EPOCH, 4, 0), TS);
        feed.compare(state(EPOCH, 4, 0), TS + 1000);
        assertReset(2, 4, 0);
        assertThat(feed.isDoubtful(TS + 9000)).isFalse();
    }

    @Test
    void anotherEpochBeginsWithItsFirstChange() {
        add(Kind.JOINED, "ann", 1);
        add(Kind.JOINED, "ben", 2);
        assertThat(feed.add(change(Kind.JOINED, NEXT_EPOCH, 1, "ben", 1))).isTrue();
        feed.begin(NEXT_EPOCH);
        assertThat(feed.heard(EPOCH)).isZero();
        assertThat(feed.heard(NEXT_EPOCH)).isEqualTo(1);
        assertReset(-1, 1, 1);
    }

    @Test
    void ofAnEpochNothingIsToldBeforeItIsKnownHowManyThereAre() {
        add(Kind.JOINED, "ann", 40);
        feed.begin(NEXT_EPOCH);
        feed.tick(TS);
        assertThat(told(-1, false)).isEmpty();
        assertThat(feed.compare(state(NEXT_EPOCH, 0, 40), TS)).isTrue();
        assertReset(-1, 0, 40);
        assertThat(feed.compare(state(NEXT_EPOCH, 0, 40), TS)).isFalse();
    }

    @Test
    void ofALargeRoomTheCountIsKnownWithTheNextTick() {
        add(Kind.JOINED, "ann", 300);
        feed.add(change(Kind.LEFT, NEXT_EPOCH, 1, "ann", 299));
        assertThat(told(-1, false)).isEmpty();
        assertThat(feed.compare(state(NEXT_EPOCH, 1, 299), TS)).isFalse();
        feed.tick(TS);
        assertReset(-1, 1, 299);
    }
}
