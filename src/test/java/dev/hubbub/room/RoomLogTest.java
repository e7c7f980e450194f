package dev.hubbub.room;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.config.Audience;
import dev.hubbub.config.NamespacePolicy;
import dev.hubbub.config.Overflow;
import dev.hubbub.config.RoomKind;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.Encoded;
import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.Raw;
import dev.hubbub.protocol.RoomFrames;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.Sender;
import dev.hubbub.protocol.TextFrame;
import dev.hubbub.protocol.UserId;
import dev.hubbub.support.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RoomLogTest {
    private static final String EPOCH = "x";
    private static final ConnectionId ANN = new ConnectionId("ann");
    private static final ConnectionId BEN = new ConnectionId("ben");
    private final LogBudget budget = new LogBudget(Settings.of(Map.of("hubbub.log.budget-bytes", "1048576")));

    static NamespacePolicy policy(int size, long bytes, long ageMs) {
        return new NamespacePolicy(
                RoomKind.STANDARD,
                size,
                bytes,
                ageMs,
                true,
                Overflow.REPLAY,
                Audience.ANYONE,
                Audience.ANYONE,
                Audience.ANYONE,
                Audience.ANYONE,
                Audience.ANYONE,
                0);
    }

    private RoomLog log(int size, long bytes, long ageMs) {
        RoomLog log = new RoomLog(policy(size, bytes, ageMs), budget);
        log.begin(new Place(EPOCH, 0), Long.MAX_VALUE);
        return log;
    }

    static Encoded frame(long seq, String payload) {
        return RoomFrames.published(
                new RoomName("a"),
                new Place(EPOCH, seq),
                seq,
                Raw.body(payload),
                new Sender(new UserId("u"), new ConnectionId("c"), null));
    }

    private static void append(RoomLog log, long seq, @Nullable String conflate, @Nullable ConnectionId exclude) {
        log.append(frame(seq, "\"" + "x".repeat((int) (seq * 37 % 300)) + "\""), seq, conflate, exclude);
    }

    private static void append(RoomLog log, long from, long to) {
        LongStream.rangeClosed(from, to).forEach(seq -> append(log, seq, null, null));
    }

    /** The seqs of everything from a place on, read as a subscriber does. */
    private static List<Long> read(RoomLog log, long from, int most, ConnectionId self) {
        List<Long> seqs = new ArrayList<>();
        long next = from;
        for (RoomLog.Slice slice = log.slice(EPOCH, next, most, self);
                slice != null;
                slice = log.slice(EPOCH, next, most, self)) {
            int end = slice.offset() + slice.length();
            int count = 0;
            for (int at = slice.offset(); at < end; count++) {
                int length = TextFrame.payloadLength(slice.bytes(), at);
                at += TextFrame.headerLength(length);
                JsonNode json = StrictJson.parse(new String(slice.bytes(), at, length, StandardCharsets.UTF_8));
                seqs.add(json.path("data").path("seq").asLong());
                at += length;
            }
            assertThat(slice.seq()).isEqualTo(next);
            assertThat(slice.length() == 0 ? 1 : count).isEqualTo(slice.count());
            assertThat(slice.length() <= most || count == 1).isTrue();
            next = slice.nextSeq();
        }
        assertThat(next).isEqualTo(log.head() + 1);
        return seqs;
    }

    private static List<Long> seqs(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }

    @Test
    void anEmptyLogHasNothing() {
        RoomLog log = log(10, 100_000, 1000);
        assertThat(log.head()).isZero();
        assertThat(log.held().first()).isEqualTo(1);
        assertThat(log.extent()).isEqualTo(new RoomLog.Extent(1, new Place(EPOCH, 0)));
        assertThat(log.slice(EPOCH, 1, 1000, ANN)).isNull();
        assertThat(log.item(EPOCH, 1)).isNull();
        assertThat(log.newest(1)).isEmpty();
    }

    @Test
    void everyMessageIsReadInOrderWhateverTheBatch() {
        RoomLog log = log(1000, 1 << 30, 1 << 30);
        append(log, 1, 700);
        for (int most : new int[] {0, 1, 200, 4096, 65536, 1 << 20}) {
            assertThat(read(log, 1, most, ANN)).isEqualTo(seqs(1, 700));
            assertThat(read(log, 650, most, ANN)).isEqualTo(seqs(650, 700));
        }
    }

    @Test
    void thoseThatStandAtOnePlaceShareTheBytes() {
        RoomLog log = log(1000, 1 << 30, 1 << 30);
        append(log, 1, 5);
        assertThat(log.slice(EPOCH, 5, 4096, ANN)).isSameAs(log.slice(EPOCH, 5, 4096, BEN));
        assertThat(log.slice(EPOCH, 1, 4096, ANN).bytes())
                .isSameAs(log.slice(EPOCH, 1, 4096, BEN).bytes());
    }

    @Test
    void aSliceStaysGoodWhenItsMessagesAreGone() {
        RoomLog log = log(1, 1 << 30, 1 << 30);
        append(log, 1, 3);
        RoomLog.Slice slice = log.slice(EPOCH, 1, 65536, ANN);
        byte[] before = slice.bytes().clone();
        append(log, 4, 1000);
        assertThat(log.held().first()).isGreaterThan(3);
        for (int i = slice.offset(); i < slice.offset() + slice.length(); i++) {
            assertThat(slice.bytes()[i]).isEqualTo(before[i]);
        }
    }

    @Test
    void whatAConnectionIsNotSentIsPassedOver() {
        RoomLog log = log(1000, 1 << 30, 1 << 30);
        append(log, 1, 2);
        append(log, 3, null, ANN);
        append(log, 4, null, ANN);
        append(log, 5, null, BEN);
        append(log, 6, 7);
        assertThat(read(log, 1, 65536, ANN)).containsExactly(1L, 2L, 5L, 6L, 7L);
        assertThat(read(log, 1, 65536, BEN)).containsExactly(1L, 2L, 3L, 4L, 6L, 7L);
        assertThat(read(log, 1, 65536, new ConnectionId("cat"))).isEqualTo(seqs(1, 7));
        assertThat(log.excluded(1, 7, ANN)).isEqualTo(2);
        assertThat(log.excluded(4, 4, ANN)).isEqualTo(1);
        assertThat(log.excluded(5, 7, ANN)).isZero();
    }

    @Test
    void thePolicysSizeIsKeptAndSomeMoreForThoseAboutToBeSentThem() {
        RoomLog log = log(10, 1 << 30, 1 << 30);
        append(log, 1, 500);
        assertThat(log.firstKept()).isEqualTo(491);
        assertThat(log.held().first()).isEqualTo(437);
        assertThat(log.extent()).isEqualTo(new RoomLog.Extent(491, new Place(EPOCH, 500)));
    }

    @Test
    void withoutHistoryNothingIsKept() {
        RoomLog log = log(0, 1 << 30, 1 << 30);
        append(log, 1, 5);
        assertThat(log.firstKept()).isEqualTo(6);
        assertThat(read(log, 1, 65536, ANN)).isEqualTo(seqs(1, 5));
    }

    @Test
    void thePolicysBytesAreKept() {
        RoomLog log = log(1_000_000, 65536, 1 << 30);
        append(log, 1, 2000);
        assertThat(log.bytes()).isLessThanOrEqualTo(65536);
        assertThat(log.bytes()).isGreaterThan(65536 - 1000);
        assertThat(read(log, log.held().first(), 65536, ANN))
                .isEqualTo(seqs(log.held().first(), 2000));
    }

    @Test
    void aMessageLargerThanTheBytesIsKeptUntilTheNext() {
        RoomLog log = log(1000, 65536, 1 << 30);
        log.append(frame(1, "\"" + "x".repeat(100_000) + "\""), 1, null, null);
        assertThat(read(log, 1, 65536, ANN)).containsExactly(1L);
        append(log, 2, 2);
        assertThat(log.held().first()).isEqualTo(2);
    }

    @Test
    void whatIsTooOldIsDropped() {
        RoomLog log = log(1000, 1 << 30, 100);
        append(log, 1, 50);
        log.expire(120);
        assertThat(log.held().first()).isEqualTo(20);
        log.expire(1_000);
        assertThat(log.extent()).isEqualTo(new RoomLog.Extent(51, new Place(EPOCH, 50)));
        assertThat(log.bytes()).isZero();
        append(log, 51, 51);
        assertThat(read(log, 51, 65536, ANN)).containsExactly(51L);
    }

    @Test
    void aLogCanBeginAfterWhatOthersWrote() {
        RoomLog log = log(1000, 1 << 30, 1 << 30);
        log.begin(new Place(EPOCH, 1_000_000), Long.MAX_VALUE);
        append(log, 1_000_001, 1_000_010);
        assertThat(log.extent()).isEqualTo(new RoomLog.Extent(1_000_001, new Place(EPOCH, 1_000_010)));
        assertThat(read(log, 1_000_001, 65536, ANN)).isEqualTo(seqs(1_000_001, 1_000_010));
    }

    @Test
    void onlyTheNewestOfEachNameIsLeft() {
        RoomLog log = log(1000, 1 << 30, 1 << 30);
        String[] names = {"a", "b", null, "a", "c", null, "b", "a"};
        for (int i = 0; i < names.length; i++) {
            append(log, i + 1, names[i], null);
        }
        assertThat(log.newest(1)).containsExactly(3L, 5L, 6L, 7L, 8L);
        assertThat(log.newest(8)).containsExactly(8L);
        assertThat(log.newest(9)).isEmpty();
    }

    @Test
    void anItemIsTheMessageAsHistoriesListIt() {
        RoomLog log = log(1000, 1 << 30, 1 << 30);
        append(log, 1, 9);
        JsonNode item = StrictJson.parse(new String(log.item(EPOCH, 7), StandardCharsets.UTF_8));
        assertThat(item.path("seq").asLong()).isEqualTo(7);
        assertThat(item.path("ts").asLong()).isEqualTo(7);
        assertThat(log.item(EPOCH, 0)).isNull();
        assertThat(log.item(EPOCH, 10)).isNull();
    }

    @Test
    void theBudgetHoldsExactlyWhatTheLogsHold() {
        RoomLog one = log(100, 1 << 30, 1 << 30);
        RoomLog two = log(100, 1 << 30, 1 << 30);
        append(one, 1, 300);
        append(two, 1, 50);
        assertThat(budget.held()).isEqualTo(one.bytes() + two.bytes());
        one.shrinkTo(1000);
        assertThat(one.bytes()).isLessThanOrEqualTo(1000);
        assertThat(budget.held()).isEqualTo(one.bytes() + two.bytes());
        one.end();
        two.end();
        assertThat(budget.held()).isZero();
    }

    private static List<RoomLog.Older> older(long from, long to) {
        return LongStream.rangeClosed(from, to)
                .mapToObj(seq -> new RoomLog.Older(seq, frame(seq, "1"), seq, null, seq % 2 == 0 ? BEN : null))
                .toList();
    }

    @Test
    void olderMessagesStandBeforeItsOldest() {
        RoomLog log = log(100, 1 << 30, 1 << 30);
        log.begin(new Place(EPOCH, 20), Long.MAX_VALUE);
        append(log, 21, 25);
        assertThat(log.lacks(11)).isTrue();
        log.prepend(new Place(EPOCH, 11), older(11, 20));
        assertThat(read(log, 11, 65536, ANN))
                .isEqualTo(LongStream.rangeClosed(11, 25).boxed().toList());
        assertThat(log.excluded(11, 25, BEN)).isEqualTo(5);
        assertThat(log.lacks(11)).isFalse();
        assertThat(log.lacks(10)).isTrue();
        assertThat(budget.held()).isEqualTo(log.bytes());
    }

    @Test
    void whatWasAskedForInVainIsNotLacking() {
        RoomLog log = log(100, 1 << 30, 1 << 30);
        log.begin(new Place(EPOCH, 20), Long.MAX_VALUE);
        log.prepend(new Place(EPOCH, 5), older(15, 20));
        assertThat(log.held()).isEqualTo(new RoomLog.Extent(15, new Place(EPOCH, 20)));
        assertThat(log.lacks(5)).isFalse();
        assertThat(log.lacks(4)).isTrue();
    }

    @Test
    void olderMessagesAreTakenOnlyAsFarAsThePolicyKeeps() {
        RoomLog log = log(70, 1 << 30, 1 << 30);
        log.begin(new Place(EPOCH, 200), Long.MAX_VALUE);
        append(log, 201, 210);
        log.prepend(new Place(EPOCH, 1), older(1, 200));
        assertThat(log.held()).isEqualTo(new RoomLog.Extent(141, new Place(EPOCH, 210)));
    }

    @Test
    void olderMessagesOfAnotherEpochOrWithAHoleAreNotTaken() {
        RoomLog log = log(100, 1 << 30, 1 << 30);
        log.begin(new Place(EPOCH, 20), Long.MAX_VALUE);
        log.prepend(new Place("other", 1), older(11, 20));
        log.prepend(new Place(EPOCH, 1), older(10, 18));
        assertThat(log.held()).isEqualTo(new RoomLog.Extent(21, new Place(EPOCH, 20)));
    }

    @Test
    void whatTheBudgetTookIsLackingAgain() {
        RoomLog log = log(100, 1 << 30, 1 << 30);
        log.begin(new Place(EPOCH, 20), Long.MAX_VALUE);
        log.prepend(new Place(EPOCH, 1), older(1, 20));
        log.shrinkTo(log.bytes() / 2);
        assertThat(log.lacks(1)).isTrue();
    }

    @Test
    void aLogThatBeginsAnewHasNothingOfBefore() {
        RoomLog log = log(100, 1 << 30, 1 << 30);
        append(log, 1, 10);
        log.begin(new Place("other", 3), Long.MAX_VALUE);
        assertThat(log.slice(EPOCH, 4, 65536, ANN)).isNull();
        assertThat(log.held()).isEqualTo(new RoomLog.Extent(4, new Place("other", 3)));
        append(log, 4, 5);
        assertThat(log.slice("other", 4, 65536, ANN)).isNotNull();
        assertThat(log.slice(EPOCH, 4, 65536, ANN)).isNull();
        assertThat(log.item(EPOCH, 4)).isNull();
        assertThat(budget.held()).isEqualTo(log.bytes());
    }
}
