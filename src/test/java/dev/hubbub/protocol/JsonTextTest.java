package dev.hubbub.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {
    @ParameterizedTest
    @ValueSource(longs = {0, 9, 10, 99, 100, 1_795_976_072_057L, Long.MAX_VALUE, -1, -10, Long.MIN_VALUE})
    void numbersHaveAllTheirDigits(long number) {
        assertThat(text(number)).isEqualTo("[" + number + "]");
    }

    @Property
    void soHasAnyOther(@ForAll long number) {
        assertThat(text(number)).isEqualTo("[" + number + "]");
    }

    private static String text(long number) {
        return new String(new JsonText(1).raw("[").number(number).raw("]").bytes(), StandardCharsets.UTF_8);
    }
}
