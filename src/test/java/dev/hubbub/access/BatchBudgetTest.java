package dev.hubbub.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.config.Settings;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Refusal;
import dev.hubbub.protocol.UserId;
import dev.hubbub.session.Grant;
import dev.hubbub.session.Identity;
import dev.hubbub.support.FakeClock;
import dev.hubbub.support.Race;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Who may have how much of what large batches take. */
class BatchBudgetTest {
    private static final Identity ANN = who("ann", Identity.Kind.USER);
    private static final Identity BOB = who("bob", Identity.Kind.USER);
    private static final Identity CID = who("cid", Identity.Kind.USER);
    private static final Identity SHOP = who("backend", Identity.Kind.BACKEND);
    private static final String HERE = "192.0.2.1";
    private static final String THERE = "192.0.2.2";
    /** The largest batch: a hundred messages of 1,000 bytes. */
    private static final long LARGEST = 100_000;

    private final Refusals refusals = new Refusals(new FakeClock());

    private static Identity who(String user, Identity.Kind kind) {
        return new Identity(new UserId(user), null, kind, Grant.NONE, null);
    }

    private BatchBudget budget(int all, int perUser) {
        Map<String, String> settings = Map.of(
                "hubbub.limits.message-bytes", "1000",
                "hubbub.limits.batches", String.valueOf(all),
                "hubbub.limits.batches-per-user", String.valueOf(perUser));
        return new BatchBudget(Settings.of(settings), refusals);
    }

    /** A largest batch of somebody, which must be taken. */
    private static ByteBudget.Share taken(BatchBudget budget, Identity who, String address) {
        ByteBudget.Share share = budget.share(who, address);
        assertThat(share.grow(LARGEST)).isNull();
        return share;
    }

    private static void assertRefused(ByteBudget.Share share, ErrorCode code) {
        Refusal refusal = share.grow(1);
        assertThat(refusal.code()).isEqualTo(code);
        assertThat(refusal.retryAfterMs()).isPositive();
    }

    @Test
    void oneUserHasAShareAndOthersTheirs() {
        BatchBudget budget = budget(8, 2);
        ByteBudget.Share first = taken(budget, ANN, HERE);
        taken(budget, ANN, THERE);
        assertRefused(budget.share(ANN, HERE), ErrorCode.RESOURCE_EXHAUSTED);
        assertThat(refusals.count(Refusals.Reason.USER_BATCHES)).isEqualTo(1);
        assertThat(refusals.count(Refusals.Reason.BATCHES)).isZero();
        taken(budget, BOB, HERE);
        first.giveBack();
        taken(budget, ANN, HERE);
    }

    @Test
    void anonymousUsersOfOneAddressAreOne() {
        BatchBudget budget = budget(8, 1);
        taken(budget, who("anon-1", Identity.Kind.ANONYMOUS), HERE);
        assertRefused(budget.share(who("anon-2", Identity.Kind.ANONYMOUS), HERE), ErrorCode.RESOURCE_EXHAUSTED);
        taken(budget, who("anon-2", Identity.Kind.ANONYMOUS), THERE);
        taken(budget, ANN, HERE);
    }

    @Test
    void allUsersTogetherLeaveHalfToBackends() {
        BatchBudget budget = budget(4, 1);
        taken(budget, ANN, HERE);
        ByteBudget.Share bobs = taken(budget, BOB, HERE);
        assertRefused(budget.share(CID, HERE), ErrorCode.UNAVAILABLE);
        assertThat(refusals.count(Refusals.Reason.BATCHES)).isEqualTo(1);
        ByteBudget.Share shops = taken(budget, SHOP, HERE);
        taken(budget, SHOP, HERE);
        assertRefused(budget.share(SHOP, HERE), ErrorCode.UNAVAILABLE);
        bobs.giveBack();
        taken(budget, SHOP, HERE);
        assertRefused(budget.share(CID, HERE), ErrorCode.UNAVAILABLE);
        shops.giveBack();
        taken(budget, CID, HERE);
    }

    @Test
    void whereThereIsRoomForOneItIsWhoeversComesFirst() {
        BatchBudget budget = budget(1, 2);
        ByteBudget.Share anns = taken(budget, ANN, HERE);
        assertRefused(budget.share(ANN, HERE), ErrorCode.UNAVAILABLE);
        assertRefused(budget.share(SHOP, HERE), ErrorCode.UNAVAILABLE);
        anns.giveBack();
        taken(budget, SHOP, HERE);
    }

    @Test
    void oneBodyGrowsAndIsGivenBackOnce() {
        BatchBudget budget = budget(4, 1);
        ByteBudget.Share share = budget.share(ANN, HERE);
        assertThat(share.grow(-500)).as("less than one message").isNull();
        assertThat(budget.held()).isZero();
        assertThat(share.grow(60_000)).isNull();
        assertThat(share.grow(90_000)).isNull();
        assertThat(budget.held()).isEqualTo(90_000);
        ByteBudget.Share second = budget.share(ANN, HERE);
        assertThat(second.grow(LARGEST - 80_000)).isNotNull();
        assertThat(budget.held()).isEqualTo(90_000);
        share.giveBack();
        share.giveBack();
        assertThat(share.grow(90_000)).as("over already").isNull();
        assertThat(budget.held()).isZero();
        assertThat(budget.users()).isZero();
    }

    @Test
    void whatMustBeIsCountedAllTheSame() {
        BatchBudget budget = budget(4, 1);
        taken(budget, ANN, HERE);
        ByteBudget.Share second = budget.share(ANN, HERE);
        second.force(3 * LARGEST);
        assertThat(second.grow(3 * LARGEST)).as("it has that already").isNull();
        assertThat(budget.held()).isEqualTo(4 * LARGEST);
        assertRefused(budget.share(SHOP, HERE), ErrorCode.UNAVAILABLE);
        second.giveBack();
        second.force(LARGEST);
        assertThat(budget.held()).isEqualTo(LARGEST);
    }

    /** Larger than anybody's share, it is good for whoever comes first. */
    @Test
    void oneBodyIsTakenWhateverItsSize() {
        BatchBudget budget = budget(4, 1);
        ByteBudget.Share large = budget.share(ANN, HERE);
        assertThat(large.grow(3 * LARGEST)).isNull();
        assertRefused(budget.share(ANN, HERE), ErrorCode.RESOURCE_EXHAUSTED);
        assertRefused(budget.share(BOB, HERE), ErrorCode.UNAVAILABLE);
        taken(budget, SHOP, HERE);
        large.giveBack();
        taken(budget, BOB, HERE);
    }

    @Test
    void ofManyAtOnceNoneHasMoreThanItsShare() {
        BatchBudget budget = budget(6, 2);
        Map<Identity, List<ByteBudget.Share>> had =
                Map.of(ANN, new CopyOnWriteArrayList<>(), SHOP, new CopyOnWriteArrayList<>());
        Race.run(8, thread -> {
            Identity who = thread % 2 == 0 ? ANN : SHOP;
            for (int i = 0; i < 100; i++) {
                ByteBudget.Share share = budget.share(who, HERE);
                if (share.grow(LARGEST) == null) {
                    had.get(who).add(share);
                }
            }
            return null;
        });
        assertThat(had.get(ANN)).hasSizeLessThanOrEqualTo(2);
        assertThat(had.get(ANN).size() + had.get(SHOP).size()).isEqualTo(6);
        assertThat(budget.held()).isEqualTo(6 * LARGEST);
        had.values().forEach(shares -> shares.forEach(ByteBudget.Share::giveBack));
        assertThat(budget.held()).isZero();
        assertThat(budget.users()).isZero();
    }
}
