package dev.hubbub.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.cluster.PermanentRooms.Added;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import dev.hubbub.support.Race;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link PermanentRooms} does. */
public abstract class PermanentRoomsContract {
    private static final RoomName CLUB = new RoomName("club:a");
    private static final RoomName TEAM = new RoomName("team");

    private final UserId ann = new UserId("ann|" + UUID.randomUUID());

    protected abstract PermanentRooms rooms();

    private static <T> T get(CompletionStage<T> stage) {
        return RoomBusContract.get(stage);
    }

    private Added add(RoomName room, int limit) {
        return get(rooms().add(ann, room, limit));
    }

    @Test
    void aUserIsMemberOfNothingAtFirst() {
        assertThat(get(rooms().of(ann))).isEmpty();
    }

    @Test
    void whatWasAddedIsThereByName() {
        assertThat(add(TEAM, 10)).isEqualTo(Added.NEW);
        assertThat(add(CLUB, 10)).isEqualTo(Added.NEW);
        assertThat(get(rooms().of(ann))).containsExactly(CLUB, TEAM);
    }

    @Test
    void addingAgainChangesNothingWhateverTheLimit() {
        add(CLUB, 1);
        assertThat(add(CLUB, 1)).isEqualTo(Added.KNOWN);
        assertThat(add(CLUB, 0)).isEqualTo(Added.KNOWN);
        assertThat(get(rooms().of(ann))).containsExactly(CLUB);
    }

    @Test
    void overTheLimitNothingIsAdded() {
        add(CLUB, 1);
        assertThat(add(TEAM, 1)).isEqualTo(Added.TOO_MANY);
        assertThat(get(rooms().of(ann))).containsExactly(CLUB);
    }

    @Test
    void removingMakesPlaceAndIsNoMatterWhereThereIsNothing() {
        get(rooms().remove(ann, CLUB));
        add(CLUB, 1);
        get(rooms().remove(ann, CLUB));
        assertThat(get(rooms().of(ann))).isEmpty();
        assertThat(add(TEAM, 1)).isEqualTo(Added.NEW);
    }

    @Test
    void usersHaveTheirOwn() {
        UserId ben = new UserId("ben|" + UUID.randomUUID());
        add(CLUB, 1);
        assertThat(get(rooms().add(ben, TEAM, 1))).isEqualTo(Added.NEW);
        get(rooms().remove(ben, CLUB));
        assertThat(get(rooms().of(ann))).containsExactly(CLUB);
        assertThat(get(rooms().of(ben))).containsExactly(TEAM);
    }

    @Test
    void ofManyAtOnceAsManyAreAddedAsTheLimitSays() {
        List<List<Added>> added = Race.run(
                8,
                thread -> IntStream.range(0, 10)
                        .mapToObj(i -> add(new RoomName("club:" + thread + "." + i), 20))
                        .toList());
        assertThat(added.stream().flatMap(List::stream))
                .filteredOn(Added.NEW::equals)
                .hasSize(20);
        assertThat(get(rooms().of(ann))).hasSize(20).isSorted();
    }
}
