package dev.hubbub.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.protocol.RoomName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Occupancy} does. */
public abstract class OccupancyContract {
    /** What was told of rooms, as {@code room true} or {@code room false}, and by which ids. */
    public static final class Told implements Occupancy.Listener {
        private final List<String> all = Collections.synchronizedList(new ArrayList<>());
        private final List<String> ids = Collections.synchronizedList(new ArrayList<>());
        private final List<Long> times = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void changed(RoomName room, boolean occupied, String id, long at) {
            all.add(room + " " + occupied);
            ids.add(id);
            times.add(at);
        }

        public List<String> of(RoomName room) {
            synchronized (all) {
                return all.stream()
                        .filter(line -> line.startsWith(room + " "))
                        .map(line -> line.substring(line.indexOf(' ') + 1))
                        .toList();
            }
        }
    }

    protected final Told told = new Told();
    protected final RoomName room = new RoomName("occupied:" + UUID.randomUUID());

    protected abstract Occupancy occupancy();

    @BeforeEach
    void listen() {
        occupancy().listen(told);
    }

    protected static void settle(Occupancy occupancy) throws Exception {
        occupancy.settled().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private List<String> settled() throws Exception {
        settle(occupancy());
        return told.of(room);
    }

    @Test
    void aRoomIsToldToBeOccupiedAndToBeVacated() throws Exception {
        occupancy().occupy(room);
        assertThat(settled()).containsExactly("true");
        occupancy().vacate(room);
        assertThat(settled()).containsExactly("true", "false");
    }

    @Test
    void everyChangeIsToldInOrderAndWithAnIdOfItsOwn() throws Exception {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            occupancy().occupy(room);
            occupancy().vacate(room);
            expected.addAll(List.of("true", "false"));
        }
        assertThat(settled()).isEqualTo(expected);
        assertThat(new HashSet<>(told.ids)).hasSize(200);
        assertThat(told.times).isSorted();
    }

    @Test
    void roomsAreApart() throws Exception {
        RoomName other = new RoomName(room + "-other");
        occupancy().occupy(room);
        occupancy().occupy(other);
        occupancy().vacate(room);
        assertThat(settled()).containsExactly("true", "false");
        assertThat(told.of(other)).containsExactly("true");
    }

    @Test
    void vacatingWhatIsVacantIsNoNews() throws Exception {
        occupancy().vacate(room);
        assertThat(settled()).isEmpty();
    }

    @Test
    void occupyingTwiceIsNoNews() throws Exception {
        occupancy().occupy(room);
        occupancy().occupy(room);
        assertThat(settled()).containsExactly("true");
    }
}
