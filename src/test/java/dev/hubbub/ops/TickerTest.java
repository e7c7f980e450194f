package dev.hubbub.ops;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

class TickerTest {
    @Test
    void neitherAFaultNorAnErrorEndsTheTicks() {
        assertThatCode(() -> Ticker.guarded(() -> {
                    throw new IllegalStateException("planted");
                }))
                .doesNotThrowAnyException();
        assertThatCode(() -> Ticker.guarded(() -> {
                    throw new OutOfMemoryError("planted");
                }))
                .doesNotThrowAnyException();
    }
}
