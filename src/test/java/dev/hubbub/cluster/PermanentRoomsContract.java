package dev.hubbub.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What any implementation of {@link PermanentRooms} must do. */
public abstract class PermanentRoomsContract {
    private static final RoomName ONE = new RoomName("stay:one");
    private static final RoomName TWO = new RoomName("stay:two");
    private static final RoomName THREE = new RoomName("stay:three");

    /** The rooms; each call may be another node's. */
    protected abstract PermanentRooms rooms();

    protected static <T> T got(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    }

    private static UserId user(String name) {
        return new UserId(name);
    }

    @Test
    void whoEnteredIsInUntilTheyLeave() {
        UserId ann = user("ann");
        assertThat(got(rooms().of(ann))).isEmpty();
        assertThat(got(rooms().enter(ann, TWO, 10))).isTrue();
        assertThat(got(rooms().enter(ann, ONE, 10))).isTrue();
        assertThat(got(rooms().enter(ann, ONE, 10))).isTrue();
        assertThat(got(rooms().of(ann))).isEqualTo(List.of(ONE, TWO));
        got(rooms().leave(ann, TWO));
        got(rooms().leave(ann, TWO));
        assertThat(got(rooms().of(ann))).isEqualTo(List.of(ONE));
        got(rooms().leave(ann, ONE));
        assertThat(got(rooms().of(ann))).isEmpty();
    }

    @Test
    void usersHaveRoomsOfTheirOwn() {
        got(rooms().enter(user("bob"), ONE, 10));
        assertThat(got(rooms().of(user("cem")))).isEmpty();
        got(rooms().leave(user("cem"), ONE));
        assertThat(got(rooms().of(user("bob")))).isEqualTo(List.of(ONE));
    }

    @Test
    void aFullUserEntersNoOtherRoom() {
        UserId dora = user("dora");
        got(rooms().enter(dora, ONE, 2));
        got(rooms().enter(dora, TWO, 2));
        assertThat(got(rooms().enter(dora, THREE, 2))).isFalse();
        assertThat(got(rooms().enter(dora, TWO, 2))).isTrue();
        assertThat(got(rooms().of(dora))).isEqualTo(List.of(ONE, TWO));
        got(rooms().leave(dora, ONE));
        assertThat(got(rooms().enter(dora, THREE, 2))).isTrue();
    }

    @Test
    void nobodyIsInTooManyRoomsWhenManyAreEnteredAtOnce() {
        UserId eve = user("eve");
        List<CompletionStage<Boolean>> entering = IntStream.range(0, 50)
                .mapToObj(i -> rooms().enter(eve, new RoomName("stay:" + i), 20))
                .toList();
        assertThat(entering.stream().filter(PermanentRoomsContract::got).count())
                .isEqualTo(20);
        assertThat(got(rooms().of(eve))).hasSize(20);
    }
}
