package dev.hubbub.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every version of the port does. */
public abstract class SanctionsContract {
    protected static final UserId ANN = new UserId("ann");
    protected static final UserId BEN = new UserId("ben");
    protected static final RoomName ROOM = new RoomName("chat:a");
    private static final long SECOND_MS = 1_000;

    /** So many may be banned from a room. */
    protected static final String MOST_BANS = "3";

    private static final long HOUR_MS = 3_600_000;

    protected abstract Sanctions sanctions();

    /** What time it is where sanctions are decided, in ms. */
    protected abstract long now();

    /** Time goes on by so many ms. */
    protected abstract void pass(long ms);

    protected static void done(CompletionStage<?> stage) {
        try {
            stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("the stage did not complete", e);
        }
    }

    /** Whether a ban was set. */
    protected static boolean bans(Sanctions sanctions, RoomName room, String user, long forMs) {
        try {
            return sanctions
                    .ban(room, new UserId(user), forMs)
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("the stage did not complete", e);
        }
    }

    @Test
    void whatNobodyDecidedDoesNotHold() {
        Sanctions sanctions = sanctions();
        assertThat(sanctions.isRevoked(ANN, 0)).isFalse();
        assertThat(sanctions.isBanned(ROOM, ANN)).isFalse();
    }

    @Test
    void whatWasIssuedBeforeARevocationIsVoidAndWhatComesAfterItIsNot() {
        Sanctions sanctions = sanctions();
        long before = now();
        done(sanctions.revoke(ANN));
        long after = now();
        assertThat(sanctions.isRevoked(ANN, 0)).isTrue();
        assertThat(sanctions.isRevoked(ANN, before)).as("of the same second").isTrue();
        assertThat(sanctions.isRevoked(ANN, after + SECOND_MS)).isFalse();
        assertThat(sanctions.isRevoked(BEN, 0)).isFalse();
    }

    @Test
    void aBanHoldsForItsTimeInItsRoom() {
        Sanctions sanctions = sanctions();
        done(sanctions.ban(ROOM, ANN, 800));
        assertThat(sanctions.isBanned(ROOM, ANN)).isTrue();
        assertThat(sanctions.isBanned(ROOM, BEN)).isFalse();
        assertThat(sanctions.isBanned(new RoomName("chat:b"), ANN)).isFalse();
        pass(801);
        assertThat(sanctions.isBanned(ROOM, ANN)).isFalse();
    }

    /** What is said to be done on a node. */
    protected static List<String> removals(Sanctions sanctions) {
        List<String> removals = Collections.synchronizedList(new ArrayList<>());
        sanctions.onRemove((room, user, reason) -> removals.add(reason + " " + user + " from " + room));
        return removals;
    }

    @Test
    void whoeverIsKickedIsTakenOutEachTime() {
        Sanctions sanctions = sanctions();
        List<String> removals = removals(sanctions);
        done(sanctions.kick(ROOM, ANN));
        assertThat(removals).containsExactly("kicked ann from chat:a");
        pass(5);
        done(sanctions.kick(ROOM, ANN));
        assertThat(removals).hasSize(2);
        assertThat(sanctions.isBanned(ROOM, ANN)).isFalse();
    }

    @Test
    void whoeverIsBannedIsTakenOut() {
        Sanctions sanctions = sanctions();
        List<String> removals = removals(sanctions);
        done(sanctions.ban(ROOM, ANN, HOUR_MS));
        assertThat(sanctions.isBanned(ROOM, ANN)).isTrue();
        assertThat(removals).containsExactly("banned ann from chat:a");
        done(sanctions.ban(ROOM, ANN, 0));
        assertThat(removals).hasSize(1);
    }

    @Test
    void aBanIsLiftedAndMayBecomeShorter() {
        Sanctions sanctions = sanctions();
        done(sanctions.ban(ROOM, ANN, 3_600_000));
        done(sanctions.ban(ROOM, ANN, 0));
        assertThat(sanctions.isBanned(ROOM, ANN)).isFalse();
        done(sanctions.ban(ROOM, ANN, 3_600_000));
        done(sanctions.ban(ROOM, ANN, 500));
        pass(501);
        assertThat(sanctions.isBanned(ROOM, ANN)).isFalse();
    }

    @Test
    void aRoomHasSoManyBansAndNoMore() {
        Sanctions sanctions = sanctions();
        for (String user : List.of("ann", "bob", "carl")) {
            assertThat(bans(sanctions, ROOM, user, HOUR_MS)).as(user).isTrue();
        }
        assertThat(bans(sanctions, ROOM, "ben", HOUR_MS)).isFalse();
        assertThat(sanctions.isBanned(ROOM, BEN)).isFalse();
        assertThat(bans(sanctions, ROOM, "ann", 2 * HOUR_MS)).as("renewed").isTrue();
        assertThat(bans(sanctions, ROOM, "ben", 0)).as("lifted, and was none").isTrue();
        assertThat(bans(sanctions, new RoomName("chat:b"), "ben", HOUR_MS)).isTrue();
        done(sanctions.revoke(BEN));
        assertThat(bans(sanctions, ROOM, "carl", 0)).isTrue();
        assertThat(bans(sanctions, ROOM, "ben", HOUR_MS)).isTrue();
        assertThat(sanctions.isBanned(ROOM, BEN)).isTrue();
        assertThat(bans(sanctions, ROOM, "carl", HOUR_MS)).isFalse();
    }

    @Test
    void bansThatAreOverDoNotCount() {
        Sanctions sanctions = sanctions();
        assertThat(bans(sanctions, ROOM, "ann", HOUR_MS)).isTrue();
        assertThat(bans(sanctions, ROOM, "bob", 400)).isTrue();
        assertThat(bans(sanctions, ROOM, "carl", 400)).isTrue();
        pass(401);
        assertThat(bans(sanctions, ROOM, "bob", HOUR_MS)).isTrue();
        assertThat(bans(sanctions, ROOM, "ben", HOUR_MS)).isTrue();
        assertThat(bans(sanctions, ROOM, "carl", HOUR_MS)).isFalse();
    }
}
