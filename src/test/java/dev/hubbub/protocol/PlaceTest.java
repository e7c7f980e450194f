package dev.hubbub.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlaceTest {
    @ParameterizedTest
    @ValueSource(strings = {"x:0", "Ab_-9:42", "1234567890123456:9007199254740991"})
    void aPlaceReadsWhatItWrites(String text) {
        assertThat(Place.parse(text))
                .hasValueSatisfying(place -> assertThat(place).hasToString(text));
    }

    @Test
    void leadingZerosAreTheSameNumber() {
        assertThat(Place.parse("x:007")).contains(new Place("x", 7));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "x",
                "x:",
                ":1",
                "x:-1",
                "x:+1",
                "x:1.0",
                "x: 1",
                "x:1 ",
                "x:a",
                "x:1:2",
                "x:٣",
                "é:1",
                "a b:1",
                "12345678901234567:1",
                "x:9007199254740992",
                "x:99999999999999999",
                "x:99999999999999999999999999999999999999999999999999999"
            })
    void anythingElseIsNoPlace(String text) {
        assertThat(Place.parse(text)).isEmpty();
    }

    @Test
    void aPlaceIsAnEpochAndANumberThatEveryReaderKeeps() {
        assertThat(Place.isValid("x", 0)).isTrue();
        assertThat(Place.isValid("x", Place.MAX_SEQ)).isTrue();
        assertThat(Place.isValid("x", Place.MAX_SEQ + 1)).isFalse();
        assertThat(Place.isValid("x", -1)).isFalse();
        assertThat(Place.isValid("", 1)).isFalse();
        assertThat(Place.isValid("x\n", 1)).isFalse();
    }
}
