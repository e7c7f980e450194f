package dev.hubbub.checker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.checker.Finding.Kind;
import dev.hubbub.protocol.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The checker finds nothing where all is well, and each thing that can be wrong. */
class CheckerTest {
    private static final String ROOM = "room";

    private static Place at(String epoch, long seq) {
        return new Place(epoch, seq);
    }

    private static Told.Joined joined() {
        return new Told.Joined(null, at("a", 0), null, 0);
    }

    private static Told.Joined resumed(long since, long head) {
        return new Told.Joined(at("a", since), at("a", head), true, head - since);
    }

    private static Told.Published published(String epoch, long seq) {
        return new Told.Published(at(epoch, seq), "m" + epoch + seq);
    }

    private static Told.Reset reset(Place place, String reason) {
        return new Told.Reset(place, reason, 0);
    }

    private static List<Told> all(Told first, long from, long to) {
        List<Told> told = new ArrayList<>(List.of(first));
        for (long seq = from; seq <= to; seq++) {
            told.add(published("a", seq));
        }
        return told;
    }

    private static Acknowledged acknowledged(Place place, String payload) {
        return new Acknowledged("ann", ROOM, place, payload, place.seq(), place.seq());
    }

    /** A room of which the first five messages of an epoch were acknowledged, and what carol was told of it. */
    private static History history(int losses, Place last, List<Told> told, Acknowledged... more) {
        List<Acknowledged> acknowledged = new ArrayList<>();
        for (long seq = 1; seq <= 5; seq++) {
            acknowledged.add(acknowledged(at("a", seq), "ma" + seq));
        }
        acknowledged.addAll(Arrays.asList(more));
        Set<String> sent = IntStream.rangeClosed(0, 9)
                .boxed()
                .flatMap(i -> Stream.of("ma" + i, "mb" + i))
                .collect(Collectors.toSet());
        return new History(
                List.of(new Journey("carol", ROOM, told)),
                acknowledged,
                Map.of(ROOM, sent),
                Map.of(ROOM, last),
                losses,
                Map.of(),
                List.of());
    }

    private static Set<Kind> kinds(History history) {
        return Checker.check(history).stream().map(Finding::kind).collect(Collectors.toSet());
    }

    private static Set<Kind> kinds(Told... told) {
        return kinds(history(0, at("a", 5), List.of(told)));
    }

    private static Told m(long seq) {
        return published("a", seq);
    }

    @Test
    void whoeverGetsAllGetsIt() {
        assertThat(kinds(joined(), m(1), m(2), m(3), m(4), m(5))).isEmpty();
    }

    @Test
    void whoeverResumesGoesOn() {
        assertThat(kinds(joined(), m(1), m(2), resumed(2, 4), m(3), m(4), m(5))).isEmpty();
        assertThat(kinds(joined(), m(1), m(2), resumed(2, 4), m(3), resumed(3, 5), m(4), m(5)))
                .isEmpty();
    }

    @Test
    void whatWasBeforeTheJoinIsNotMissed() {
        assertThat(kinds(new Told.Joined(null, at("a", 4), null, 1), m(4), m(5)))
                .isEmpty();
    }

    @Test
    void aHoleIsFound() {
        assertThat(kinds(joined(), m(1), m(2), m(4), m(5))).containsExactlyInAnyOrder(Kind.HOLE, Kind.LOST);
    }

    @Test
    void aHoleRightAfterTheJoinIsFound() {
        assertThat(kinds(joined(), m(2), m(3), m(4), m(5))).contains(Kind.HOLE);
    }

    @Test
    void aHoleWhereMissedAndLiveMeetIsFound() {
        assertThat(kinds(joined(), m(1), resumed(1, 3), m(2), m(3), m(5))).contains(Kind.HOLE);
    }

    @Test
    void aRepeatIsFound() {
        assertThat(kinds(joined(), m(1), m(2), m(2), m(3), m(4), m(5))).containsExactly(Kind.REPEAT);
        assertThat(kinds(joined(), m(1), m(2), resumed(2, 2), m(2), m(3), m(4), m(5)))
                .containsExactly(Kind.REPEAT);
    }

    @Test
    void aSwapIsFound() {
        assertThat(kinds(joined(), m(1), m(3), m(2), m(4), m(5))).containsExactlyInAnyOrder(Kind.HOLE, Kind.REPEAT);
    }

    @Test
    void anEndThatIsMissingIsFound() {
        assertThat(kinds(joined(), m(1), m(2), m(3))).containsExactlyInAnyOrder(Kind.UNFINISHED, Kind.LOST);
        assertThat(kinds()).containsExactly(Kind.UNFINISHED);
    }

    @Test
    void whatWasAcknowledgedAndLostForAllIsFound() {
        History history = history(0, at("a", 5), all(joined(), 1, 5), acknowledged(at("a", 6), "ma6"));
        assertThat(kinds(history)).containsExactly(Kind.LOST);
    }

    @Test
    void twoMessagesAtOnePlaceAreFound() {
        assertThat(kinds(joined(), m(1), m(2), new Told.Published(at("a", 3), "ma9"), m(4), m(5)))
                .containsExactly(Kind.FORK);
    }

    @Test
    void oneMessageAtTwoPlacesIsFound() {
        History history = history(
                0, at("a", 6), List.of(joined(), m(1), m(2), m(3), m(4), m(5), new Told.Published(at("a", 6), "ma5")));
        assertThat(kinds(history)).containsExactly(Kind.TWICE);
    }

    @Test
    void aMessageOfNobodyIsFound() {
        History history = history(
                0, at("a", 6), List.of(joined(), m(1), m(2), m(3), m(4), m(5), new Told.Published(at("a", 6), "who?")));
        assertThat(kinds(history)).containsExactly(Kind.INVENTED);
    }

    @Test
    void aMessageBeforeOneThatWasThereEarlierIsFound() {
        Acknowledged late = new Acknowledged("dan", ROOM, at("a", 1), "ma1", 100, 101);
        assertThat(kinds(history(0, at("a", 5), all(joined(), 1, 5), late))).containsExactly(Kind.ORDER);
    }

    @Test
    void aResetExcusesWhatRedisHasLost() {
        List<Told> told =
                List.of(joined(), m(1), m(2), reset(at("b", 1), "epoch"), published("b", 2), published("b", 3));
        assertThat(kinds(history(1, at("b", 3), told))).isEmpty();
        assertThat(kinds(history(0, at("b", 3), told))).containsExactlyInAnyOrder(Kind.NEEDLESS, Kind.FORK);
    }

    @Test
    void aNewEpochWithoutAResetIsFound() {
        List<Told> told = List.of(joined(), m(1), m(2), published("b", 1), published("b", 2), published("b", 3));
        assertThat(kinds(history(1, at("b", 3), told))).containsExactly(Kind.UNTOLD);
    }

    @Test
    void aResetThatWasPromisedMustCome() {
        Told.Joined lost = new Told.Joined(at("a", 2), at("b", 1), false, 0);
        Told.Reset reset = reset(at("b", 1), "epoch");
        assertThat(kinds(history(1, at("b", 2), List.of(joined(), m(1), m(2), lost, reset, published("b", 2)))))
                .isEmpty();
        assertThat(kinds(history(1, at("b", 2), List.of(joined(), m(1), m(2), lost, published("b", 2)))))
                .containsExactly(Kind.UNTOLD);
        assertThat(kinds(history(1, at("b", 1), List.of(joined(), m(1), m(2), lost))))
                .containsExactly(Kind.UNTOLD);
    }

    @Test
    void aConnectionThatEndsBeforeTheResetHasBeenTold() {
        Told.Joined lost = new Told.Joined(at("a", 2), at("b", 1), false, 0);
        Told.Joined again = new Told.Joined(at("b", 1), at("b", 2), true, 1);
        List<Told> told = List.of(joined(), m(1), m(2), lost, again, published("b", 2));
        assertThat(kinds(history(1, at("b", 2), told))).isEmpty();
        assertThat(kinds(history(0, at("b", 2), told))).contains(Kind.NEEDLESS);
    }

    @Test
    void whatAFailoverGaveTwiceIsForgivenToThoseWhoWereToldSo() {
        List<Told> told = List.of(
                joined(),
                m(1),
                m(2),
                new Told.Published(at("a", 3), "ma9"),
                reset(at("b", 0), "epoch"),
                published("b", 1));
        assertThat(kinds(history(1, at("b", 1), told))).isEmpty();
        assertThat(kinds(history(1, at("a", 3), told.subList(0, 4)))).contains(Kind.FORK, Kind.LOST);
    }

    @Test
    void aNeedlessResetIsFound() {
        assertThat(kinds(joined(), m(1), m(2), reset(at("a", 4), "trimmed"), m(5)))
                .containsExactly(Kind.NEEDLESS);
        Told.Joined behind = new Told.Joined(at("a", 2), at("a", 1), false, 0);
        assertThat(kinds(joined(), m(1), m(2), behind, reset(at("a", 1), "ahead"), m(2), m(3), m(4), m(5)))
                .containsExactly(Kind.NEEDLESS);
    }

    @Test
    void whoeverMissedMoreThanIsKeptIsToldSo() {
        Told.Joined late = new Told.Joined(at("a", 1), at("a", 4), false, 0);
        List<Told> told = List.of(joined(), m(1), late, reset(at("a", 4), "trimmed"), m(5));
        assertThat(kinds(keeping(3, told))).isEmpty();
        assertThat(kinds(keeping(4, told))).containsExactly(Kind.NEEDLESS);
        List<Told> brokenOff = List.of(joined(), m(1), late, resumed(4, 5), m(5));
        assertThat(kinds(keeping(3, brokenOff))).isEmpty();
        assertThat(kinds(keeping(4, brokenOff))).containsExactly(Kind.NEEDLESS);
    }

    @Test
    void whoeverIsLedToTheOldestThatIsKeptIsToldSo() {
        List<Told> late = List.of(joined(), new Told.Reset(at("a", 2), "trimmed", 6), m(3), m(4), m(5));
        assertThat(kinds(keeping(3, late))).isEmpty();
        List<Told> early = List.of(joined(), new Told.Reset(at("a", 2), "trimmed", 5), m(3), m(4), m(5));
        assertThat(kinds(keeping(3, early))).containsExactly(Kind.NEEDLESS); // the fifth was not sent yet
    }

    private static History keeping(int most, List<Told> told) {
        History all = history(0, at("a", 5), told);
        return new History(
                all.journeys(), all.acknowledged(), all.sent(), all.last(), 0, Map.of(ROOM, most), all.odd());
    }

    @Test
    void whatIsLeftOutForASlowConnectionIsTold() {
        assertThat(kinds(joined(), m(1), new Told.Skipped("a", 2, 3), m(4), m(5)))
                .isEmpty();
        assertThat(kinds(joined(), m(1), new Told.Skipped("a", 3, 3), m(4), m(5)))
                .contains(Kind.HOLE);
    }

    @Test
    void anAnswerThatDoesNotFitItsPlaceIsFound() {
        assertThat(kinds(joined(), m(1), m(2), new Told.Joined(at("a", 2), at("a", 4), true, 1), m(3), m(4), m(5)))
                .containsExactly(Kind.HOLE);
        assertThat(kinds(joined(), m(1), m(2), new Told.Joined(at("a", 2), at("a", 2), null, 0), m(3), m(4), m(5)))
                .containsExactly(Kind.UNTOLD);
    }

    @ParameterizedTest
    @EnumSource
    void eachBugIsFoundInAnyHistory(Bug bug) {
        int planted = 0;
        for (long seed = 0; seed < 200; seed++) {
            History history = Simulation.of(seed, 300, seed % 2 == 0, seed % 3 == 0 ? 20 : 10_000);
            assertThat(Checker.check(history)).as("seed %d", seed).isEmpty();
            History bad = bug.in(history, new Random(seed)).orElse(null);
            if (bad != null) {
                planted++;
                assertThat(Checker.check(bad)).as("seed %d", seed).isNotEmpty();
            }
        }
        assertThat(planted).isGreaterThan(50);
    }
}
