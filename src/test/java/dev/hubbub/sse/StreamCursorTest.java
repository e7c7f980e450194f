package dev.hubbub.sse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.RoomName;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamCursorTest {
    private static final List<RoomName> TWO = List.of(new RoomName("a"), new RoomName("b:c"));

    private static List<RoomName> rooms(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new RoomName("n".repeat(125) + String.format("%03d", i)))
                .toList();
    }

    private static StreamCursor cursor(List<RoomName> rooms, String epoch, long seq) {
        StreamCursor cursor = new StreamCursor(rooms);
        rooms.forEach(room -> cursor.move(room, new Place(epoch, seq)));
        return cursor;
    }

    @Test
    void aCursorReadsWhatItWrites() {
        StreamCursor written = new StreamCursor(TWO);
        written.move(TWO.get(1), new Place("Ab_-9", 42));
        StreamCursor read = new StreamCursor(TWO);
        assertThat(read.resume(written.toString())).isTrue();
        assertThat(read.place(0)).isNull();
        assertThat(read.place(1)).isEqualTo(new Place("Ab_-9", 42));
        assertThat(read).hasToString(written.toString());
    }

    @Property(tries = 500)
    void anyPlaceComesBack(@ForAll @LongRange(min = 0, max = Place.MAX_SEQ) long seq) {
        StreamCursor read = new StreamCursor(TWO);
        assertThat(read.resume(cursor(TWO, "_", seq).toString())).isTrue();
        assertThat(read.place(0)).isEqualTo(new Place("_", seq));
    }

    @Test
    void thirtyTwoRoomsWithLongNamesFitInto600Bytes() {
        // this server's epochs have 8 characters; a billion messages in every room
        assertThat(cursor(rooms(32), "abcdefgh", 1_000_000_000L).toString()).hasSizeLessThanOrEqualTo(600);
    }

    @Test
    void aCursorOfAnotherListIsRefusedAndChangesNothing() {
        String text = cursor(TWO, "x", 7).toString();
        List<List<RoomName>> others = List.of(
                List.of(TWO.get(1), TWO.get(0)),
                List.of(TWO.get(0)),
                List.of(TWO.get(0), new RoomName("c")),
                List.of(TWO.get(0), TWO.get(1), new RoomName("c")));
        for (List<RoomName> other : others) {
            StreamCursor cursor = new StreamCursor(other);
            assertThat(cursor.resume(text)).isFalse();
            assertThat(cursor.place(0)).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "x",
                "!4003",
                "HASH.-",
                "HASH.-.-.-",
                "HASH.x~1.",
                "HASH.x~.-",
                "HASH.~1.-",
                "HASH.x~-1.-",
                "HASH.x1.-",
                "HASH.x~1.é~1",
                "HASH.x~zzzzzzzzzzzzzzzzzzzzz.-",
                "HASH.x~1~2.-",
                "HASH.x~ 1.-",
                "HASH.x~1.y y~2"
            })
    void whatIsNoCursorIsRefused(String text) {
        String hash = new StreamCursor(TWO).toString().replaceFirst("\\..*", "");
        StreamCursor cursor = new StreamCursor(TWO);
        assertThat(cursor.resume(text.replace("HASH", hash))).isFalse();
        assertThat(cursor.place(0)).isNull();
        assertThat(cursor.place(1)).isNull();
    }

    @Test
    void aCursorFitsOnOneLineOfAnEventStream() {
        assertThat(cursor(rooms(3), "Ab_-9", 5).toString()).matches("[A-Za-z0-9_.~-]+");
    }

    @Test
    void aRoomOfAnotherStreamMovesNothing() {
        StreamCursor cursor = new StreamCursor(TWO);
        cursor.move(new RoomName("other"), new Place("x", 1));
        assertThat(cursor).hasToString(new StreamCursor(TWO).toString());
    }
}
