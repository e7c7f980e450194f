package dev.hubbub.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.cluster.PresenceChange.Kind;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.Member;
import dev.hubbub.protocol.Raw;
import dev.hubbub.protocol.RawJson;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import dev.hubbub.support.Race;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link PresenceStore} does. */
public abstract class PresenceStoreContract {
    protected static final Duration GRACE = Duration.ofSeconds(15);

    private final RoomName room = new RoomName("contract:" + UUID.randomUUID());
    private final List<PresenceChange> changes = Collections.synchronizedList(new ArrayList<>());

    protected abstract PresenceStore store();

    /** Lets time pass, and the store do what is due. */
    protected abstract void pass(Duration time);

    /** Lets what the store tells of a room come here. */
    protected void attach(RoomName room) {}

    /** Waits until what was asked for, and told nobody, is done. */
    protected void settle() {}

    /** How much time may pass by itself, which a store whose clock is another's cannot help. */
    protected Duration slack() {
        return Duration.ofMillis(1);
    }

    /** What the store's clock shows, after so much was let pass, for a time that it has told. */
    protected long shown(long before, Duration passed) {
        return before;
    }

    @BeforeEach
    void listen() {
        attach(room);
        store().listen((name, change) -> {
            if (name.equals(room)) {
                changes.add(change);
            }
        });
    }

    private long enter(String user, int conn, RawJson status) {
        var presence =
                new PresenceStore.Presence(new ConnectionId(user + "-" + conn), new UserId(user), "name of " + user);
        return RoomBusContract.get(store().enter(room, presence, status));
    }

    private void enter(String user) {
        enter(user, 1, null);
    }

    private void leave(String user, int conn, boolean atOnce) {
        store().leave(room, new ConnectionId(user + "-" + conn), new UserId(user), atOnce);
        settle();
    }

    private PresenceStore.Page page(String after, int limit) {
        return RoomBusContract.get(store().list(room, after == null ? null : new UserId(after), limit));
    }

    private List<String> users() {
        return page(null, 1000).members().stream().map(m -> m.user().value()).toList();
    }

    /** Everything heard so far, as {@code KIND user}. */
    private List<String> heard(int count) {
        Awaitility.await().until(() -> changes.size() >= count);
        assertThat(changes).extracting(PresenceChange::rev).isEqualTo(upTo(count));
        return changes.stream().map(c -> c.kind() + " " + c.member().user()).toList();
    }

    private static List<Long> upTo(int last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }

    @Test
    void nobodyIsInARoomThatNobodyEntered() {
        assertThat(page(null, 10)).isEqualTo(new PresenceStore.Page(List.of(), 0, 0, null));
    }

    @Test
    void aUserThatEntersIsAMemberAndHeardOnce() {
        assertThat(enter("ann", 1, null)).isEqualTo(1);
        assertThat(heard(1)).containsExactly("JOINED ann");
        PresenceStore.Page page = page(null, 10);
        assertThat(page.rev()).isEqualTo(1);
        assertThat(page.count()).isEqualTo(1);
        Member member = page.members().get(0);
        assertThat(member.user()).isEqualTo(new UserId("ann"));
        assertThat(member.name()).isEqualTo("name of ann");
        assertThat(member.conns()).isEqualTo(1);
        assertThat(member.status()).isEqualTo(Member.NO_STATUS);
    }

    @Test
    void aConnectionThatEntersAgainChangesNothing() {
        enter("ann");
        assertThat(enter("ann", 1, null)).isEqualTo(1);
        assertThat(heard(1)).hasSize(1);
        assertThat(page(null, 10).members().get(0).conns()).isEqualTo(1);
    }

    @Test
    void twoConnectionsOfAUserAreOneMember() {
        enter("ann", 1, null);
        enter("ann", 2, null);
        assertThat(heard(1)).containsExactly("JOINED ann");
        assertThat(page(null, 10).count()).isEqualTo(1);
        assertThat(page(null, 10).members().get(0).conns()).isEqualTo(2);
    }

    @Test
    void aMemberStaysUntilItsLastConnectionIsGone() {
        enter("ann", 1, null);
        enter("ann", 2, null);
        leave("ann", 1, true);
        pass(GRACE.multipliedBy(2));
        assertThat(users()).containsExactly("ann");
        assertThat(page(null, 1).members().get(0).conns()).isEqualTo(1);
        leave("ann", 2, true);
        assertThat(users()).isEmpty();
        assertThat(heard(2)).containsExactly("JOINED ann", "LEFT ann");
    }

    @Test
    void revGrowsByOneWithEachChange() {
        enter("ann");
        enter("ben");
        RoomBusContract.get(store().update(room, new UserId("ann"), Raw.json("{\"a\":1}")));
        leave("ben", 1, true);
        enter("ben");
        assertThat(heard(5)).containsExactly("JOINED ann", "JOINED ben", "UPDATED ann", "LEFT ben", "JOINED ben");
        assertThat(changes).extracting(PresenceChange::count).containsExactly(1, 2, 2, 1, 2);
        assertThat(page(null, 10).rev()).isEqualTo(5);
    }

    @Test
    void aMemberInGraceIsStillListedWithoutConnections() {
        enter("ann");
        leave("ann", 1, false);
        pass(GRACE.minus(slack()));
        assertThat(page(null, 10).members())
                .singleElement()
                .satisfies(m -> assertThat(m.conns()).isZero());
        assertThat(heard(1)).containsExactly("JOINED ann");
    }

    @Test
    void aMemberLeavesWhenItsGraceIsOver() {
        enter("ann");
        leave("ann", 1, false);
        pass(GRACE);
        assertThat(heard(2)).containsExactly("JOINED ann", "LEFT ann");
        assertThat(users()).isEmpty();
        pass(GRACE);
        assertThat(heard(2)).hasSize(2);
    }

    @Test
    void whoLeftIsToldWithTheTimeItWasLastConnected() {
        enter("ann");
        heard(1);
        long told = changes.get(0).ts();
        pass(Duration.ofSeconds(3));
        leave("ann", 1, false);
        pass(GRACE);
        heard(2);
        long left = shown(told, GRACE.plusSeconds(3)) + 3_000;
        assertThat(changes.get(1).lastSeen()).isBetween(left, left + slack().toMillis());
        assertThat(changes.get(1).ts()).isGreaterThanOrEqualTo(left + GRACE.toMillis());
        assertThat(changes.get(1).member().conns()).isZero();
    }

    @Test
    void aReturnWithinTheGraceIsNotSeen() {
        enter("ann", 1, null);
        long since = page(null, 1).members().get(0).since();
        leave("ann", 1, false);
        pass(GRACE.minus(slack()));
        enter("ann", 2, null);
        pass(GRACE.multipliedBy(3));
        assertThat(heard(1)).containsExactly("JOINED ann");
        assertThat(page(null, 1).members()).singleElement().satisfies(m -> {
            assertThat(m.since()).isEqualTo(since);
            assertThat(m.conns()).isEqualTo(1);
        });
    }

    @Test
    void aSecondLeaveBeginsTheGraceAgain() {
        enter("ann", 1, null);
        leave("ann", 1, false);
        pass(GRACE.minus(slack()));
        enter("ann", 2, null);
        leave("ann", 2, false);
        pass(GRACE.minus(slack()));
        assertThat(users()).containsExactly("ann");
        pass(slack());
        assertThat(users()).isEmpty();
    }

    @Test
    void leavingAtOnceHasNoGrace() {
        enter("ann");
        leave("ann", 1, true);
        assertThat(heard(2)).containsExactly("JOINED ann", "LEFT ann");
        assertThat(users()).isEmpty();
    }

    @Test
    void aConnectionThatIsNotInTheRoomCannotLeaveIt() {
        enter("ann", 1, null);
        leave("ann", 2, true);
        leave("ben", 1, true);
        assertThat(heard(1)).hasSize(1);
        assertThat(users()).containsExactly("ann");
    }

    @Test
    void theLastStatusWinsAndTheSameAgainIsNoChange() {
        enter("ann");
        List<Member> before = page(null, 1).members();
        assertThat(RoomBusContract.get(store().update(room, new UserId("ann"), Raw.json("{\"away\":true}"))))
                .isTrue();
        assertThat(RoomBusContract.get(store().update(room, new UserId("ann"), Raw.json("{\"away\":true}"))))
                .isTrue();
        assertThat(heard(2)).containsExactly("JOINED ann", "UPDATED ann");
        assertThat(changes.get(1).member().status()).isEqualTo(Raw.json("{\"away\":true}"));
        assertThat(changes.get(1).member().conns()).isEqualTo(1);
        assertThat(before).extracting(Member::status).containsExactly(Member.NO_STATUS);
    }

    @Test
    void aStatusSurvivesAReload() {
        enter("ann", 1, Raw.json("{\"away\":true}"));
        leave("ann", 1, false);
        pass(Duration.ofSeconds(2));
        enter("ann", 2, null);
        assertThat(page(null, 1).members().get(0).status()).isEqualTo(Raw.json("{\"away\":true}"));
        assertThat(heard(1)).containsExactly("JOINED ann");
    }

    @Test
    void aStatusDoesNotOutliveTheMembership() {
        enter("ann", 1, Raw.json("{\"away\":true}"));
        leave("ann", 1, true);
        enter("ann", 1, null);
        assertThat(page(null, 1).members().get(0).status()).isEqualTo(Member.NO_STATUS);
    }

    @Test
    void enteringWithAnotherStatusIsAnUpdate() {
        enter("ann", 1, Raw.json("{\"a\":1}"));
        enter("ann", 2, Raw.json("{\"a\":2}"));
        enter("ann", 1, Raw.json("{\"a\":2}"));
        assertThat(heard(2)).containsExactly("JOINED ann", "UPDATED ann");
    }

    @Test
    void whoIsNoMemberHasNoStatus() {
        assertThat(RoomBusContract.get(store().update(room, new UserId("ann"), Raw.json("{}"))))
                .isFalse();
        enter("ben");
        assertThat(RoomBusContract.get(store().update(room, new UserId("ann"), Raw.json("{}"))))
                .isFalse();
        assertThat(heard(1)).containsExactly("JOINED ben");
    }

    @Test
    void membersAreListedByUserInPages() {
        List<String> all = IntStream.range(0, 25)
                .mapToObj(i -> String.format("user-%02d", i))
                .toList();
        List<String> shuffled = new ArrayList<>(all);
        Collections.shuffle(shuffled);
        shuffled.forEach(this::enter);
        List<String> listed = new ArrayList<>();
        String after = null;
        do {
            PresenceStore.Page page = page(after, 10);
            assertThat(page.count()).isEqualTo(25);
            assertThat(page.rev()).isEqualTo(25);
            page.members().forEach(m -> listed.add(m.user().value()));
            after = page.next() == null ? null : page.next().value();
        } while (after != null);
        assertThat(listed).isEqualTo(all);
    }

    @Test
    void theLastPageHasNoNextEvenWhenItIsFull() {
        List.of("a", "b", "c", "d").forEach(this::enter);
        assertThat(page(null, 2).next()).isEqualTo(new UserId("b"));
        assertThat(page("b", 2).next()).isNull();
        assertThat(page("b", 2).members()).hasSize(2);
        assertThat(page("d", 2).members()).isEmpty();
    }

    @Test
    void aPageBeginsAfterAUserThatIsNoMember() {
        List.of("a", "c").forEach(this::enter);
        assertThat(page("b", 10).members()).extracting(m -> m.user().value()).containsExactly("c");
    }

    @Test
    void concurrentConnectionsOfOneUserJoinAndLeaveOnce() {
        Race.run(16, thread -> enter("ann", thread, null));
        assertThat(page(null, 1).members().get(0).conns()).isEqualTo(16);
        Race.run(16, thread -> {
            leave("ann", thread, true);
            return thread;
        });
        assertThat(heard(2)).containsExactly("JOINED ann", "LEFT ann");
    }

    @Test
    void concurrentChangesLeaveNoHoleInRev() {
        Race.run(8, thread -> {
            for (int i = 0; i < 50; i++) {
                enter("user-" + thread, i, Raw.json("{\"i\":" + i + "}"));
                leave("user-" + thread, i, i % 2 == 0);
            }
            return thread;
        });
        pass(GRACE);
        int count = (int) page(null, 1).rev();
        heard(count);
        assertThat(users()).isEmpty();
        // each user's way makes sense by itself, and the changes lead to the state
        int members = 0;
        for (PresenceChange change : changes) {
            members += change.kind() == Kind.JOINED ? 1 : change.kind() == Kind.LEFT ? -1 : 0;
            assertThat(change.count()).isEqualTo(members);
        }
        assertThat(members).isZero();
    }

    @Test
    void roomsAreApart() {
        RoomName other = new RoomName("contract:" + UUID.randomUUID());
        enter("ann");
        assertThat(RoomBusContract.get(store().list(other, null, 10)).members()).isEmpty();
    }

    @Test
    void membersOfAForgottenRoomStayUntilTheyLeave() {
        enter("ann");
        leave("ann", 1, false);
        store().forget(room);
        assertThat(users()).containsExactly("ann");
        pass(GRACE);
        assertThat(heard(2)).containsExactly("JOINED ann", "LEFT ann");
    }

    @Test
    void whoEntersWhileTheRoomIsForgottenIsAMember() {
        for (int round = 0; round < 200; round++) {
            String user = "user-" + round;
            Race.run(2, thread -> {
                if (thread == 0) {
                    enter(user);
                } else {
                    store().forget(room);
                }
                return thread;
            });
            assertThat(users()).containsExactly(user);
            leave(user, 1, true);
        }
    }
}
