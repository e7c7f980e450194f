package dev.hubbub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.redis.SanctionReading.Change;
import dev.hubbub.redis.SanctionReading.Found;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SanctionReadingTest {
    private static final String ANN = "u ann";
    private static final String BEN = "b chat:a ben";
    private static final String BOB = "b chat:a bob";

    private String known = "5:e";
    private final SanctionReading reading = new SanctionReading(known);

    private Found page(String change, String server, String cursor, Object... names) {
        List<Object> reply = new ArrayList<>(List.of(change, server, cursor));
        reply.addAll(Arrays.asList(names));
        return reading.took(reply, known);
    }

    private void isRead(String change, Map<String, Long> all) {
        assertThat(reading.change()).isEqualTo(change);
        assertThat(reading.all()).isEqualTo(all);
    }

    @Test
    void allPagesTogetherAreAll() {
        assertThat(page("7:g", "one", "96", ANN, 1)).isEqualTo(Found.MORE);
        assertThat(reading.cursor()).isEqualTo("96");
        assertThat(page("7:g", "one", "0", ANN, 1, BEN, 2, "x y z", 3)).isEqualTo(Found.ALL);
        isRead("7:g", Map.of(ANN, 1L, BEN, 2L));
    }

    @Test
    void whatIsHeardMeanwhileComesBehindWhatItBeganWith() {
        reading.heard(new Change("6:f", "7:g", ANN, 1)); // late: it is in what was read
        assertThat(page("7:g", "one", "96", ANN, 4)).isEqualTo(Found.MORE);
        reading.heard(new Change("7:g", "8:h", BEN, 2));
        assertThat(page("9:i", "one", "48")).isEqualTo(Found.MORE);
        reading.heard(new Change("8:h", "9:i", BOB, 0));
        assertThat(page("9:i", "one", "0", BOB, 3)).isEqualTo(Found.ALL);
        isRead("9:i", Map.of(ANN, 4L, BEN, 2L));
    }

    @Test
    void whatFollowsOnSomethingThatWasNotHeardIsLeftToTheNext() {
        assertThat(page("7:g", "one", "96", ANN, 1)).isEqualTo(Found.MORE);
        reading.heard(new Change("8:h", "9:i", ANN, 0));
        assertThat(page("9:i", "one", "0")).isEqualTo(Found.ALL);
        isRead("7:g", Map.of(ANN, 1L));
    }

    @Test
    void whatIsHeardBeyondTheMostIsLeftToTheNext() {
        assertThat(page("100:x", "one", "96")).isEqualTo(Found.MORE);
        for (int i = 100; i < 20_100; i++) {
            reading.heard(new Change(i + ":x", i + 1 + ":x", ANN, i));
        }
        assertThat(page("20100:x", "one", "0")).isEqualTo(Found.ALL);
        isRead("10100:x", Map.of(ANN, 10_099L));
    }

    @Test
    void pagesOfTwoRedisOrOfOneThatLostSomethingAreNotAll() {
        assertThat(page("7:g", "one", "96", ANN, 1)).isEqualTo(Found.MORE);
        assertThat(page("7:g", "two", "0", BEN, 2)).isEqualTo(Found.TORN);
        assertThat(page("6:f", "one", "0", BEN, 2)).isEqualTo(Found.TORN);
    }

    @Test
    void whatTheNodeKnowsNeedNotBeRead() {
        assertThat(page("5:e", "one", "0")).isEqualTo(Found.KNOWN);
    }

    @Test
    void norDoesWhatItHasHeardByNow() {
        assertThat(page("7:g", "one", "96", ANN, 1)).isEqualTo(Found.MORE);
        known = "6:f";
        assertThat(page("8:h", "one", "48")).isEqualTo(Found.MORE);
        known = "8:h";
        assertThat(page("8:h", "one", "24")).isEqualTo(Found.KNOWN);
    }

    @Test
    void aRedisWithFewerChangesOrOthersHasLostSome() {
        assertThat(page("5:x", "one", "96", ANN, 1)).isEqualTo(Found.LOST);
        SanctionReading another = new SanctionReading("5:e");
        assertThat(another.took(List.of("0:-", "one", "0"), "5:e")).isEqualTo(Found.LOST);
    }

    @Test
    void aNodeThatKnowsNothingReadsAlsoNothing() {
        known = "";
        SanctionReading first = new SanctionReading("");
        assertThat(first.took(List.of("0:-", "one", "0"), "")).isEqualTo(Found.ALL);
        assertThat(first.change()).isEqualTo("0:-");
        assertThat(first.all()).isEmpty();
    }
}
