package dev.hubbub.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.session.Session;
import dev.hubbub.support.FakeSink;
import dev.hubbub.support.Graph;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A room of 100 messages that keeps 20: 81 to 100. */
class HistoryRangeTest {
    private final Graph graph = new Graph(Map.of("hubbub.namespace.default.history-size", "20"));
    private final Room room = room("lobby", 100);

    private Room room(String name, int messages) {
        Session session = graph.open("ann", new FakeSink());
        for (int i = 0; i < messages; i++) {
            graph.send(session, "{'type':'room.publish','data':{'room':'" + name + "','payload':1}}");
        }
        graph.send(session, "{'type':'room.join','data':{'room':'" + name + "'}}");
        return graph.rooms.find(new RoomName(name));
    }

    @AfterEach
    void end() {
        graph.close();
    }

    private static @Nullable Place place(Room room, @Nullable Long seq) {
        return seq == null ? null : new Place(room.epoch(), seq);
    }

    @ParameterizedTest
    @CsvSource({
        // since, before, limit, from, to, truncated
        ",,5,96,100,false",
        ",,20,81,100,false",
        ",,50,81,100,true",
        "90,,50,91,100,false",
        "80,,50,81,100,false",
        "79,,50,81,100,true",
        "0,,10,81,90,true",
        "90,,5,91,95,false",
        "100,,5,101,100,false",
        "500,,5,501,100,false",
        ",95,5,90,94,false",
        ",85,50,81,84,true",
        ",82,1,81,81,false",
        ",101,5,96,100,false",
        ",500,5,96,100,false",
    })
    void theRangeIsWhatIsKeptOfWhatWasAsked(
            @Nullable Long since, @Nullable Long before, int limit, long from, long to, boolean truncated) {
        HistoryRange range = HistoryRange.of(room, place(room, since), place(room, before), limit);
        assertThat(range).isEqualTo(new HistoryRange(room.head(), 81, from, to, truncated));
    }

    @ParameterizedTest
    @CsvSource({"1,false", "0,false", "50,true", "81,true"})
    void beforeWhatIsKeptThereIsNothing(long before, boolean truncated) {
        HistoryRange range = HistoryRange.of(room, null, place(room, before), 50);
        assertThat(range.to()).isLessThan(range.from());
        assertThat(range.truncated()).isEqualTo(truncated);
    }

    @Test
    void aPageOfALogThatIsTrimmedMeanwhileHasNoHoleAndSaysSo() {
        HistoryRange range = HistoryRange.of(room, null, null, 20);
        assertThat(Histories.page(room, range).messages()).hasSize(20);
        assertThat(Histories.page(room, range).range()).isEqualTo(range);
        room.log().shrinkTo(room.log().bytes() / 10);
        Histories.Page page = Histories.page(room, range);
        assertThat(page.range().truncated()).isTrue();
        assertThat(page.messages())
                .hasSize((int) (room.head().seq() - room.log().held().first() + 1));
    }

    @Test
    void aRoomWithoutMessagesHasAnEmptyRange() {
        Room empty = room("empty", 0);
        HistoryRange range = HistoryRange.of(empty, null, null, 50);
        assertThat(range.to()).isLessThan(range.from());
        assertThat(range.truncated()).isFalse();
    }

    @Test
    void anotherEpochIsOutOfRange() {
        Place foreign = new Place("other", 5);
        assertThat(HistoryRange.refusal(room, foreign, null).code()).isEqualTo(ErrorCode.OUT_OF_RANGE);
        assertThat(HistoryRange.refusal(room, null, foreign).code()).isEqualTo(ErrorCode.OUT_OF_RANGE);
        assertThat(HistoryRange.refusal(room, room.head(), null)).isNull();
        assertThat(HistoryRange.refusal(room, null, null)).isNull();
    }
}
