package dev.hubbub.cluster;

import dev.hubbub.support.FakeClock;
import java.time.Duration;

class InMemoryRatesTest extends RatesContract {
    private final FakeClock clock = new FakeClock();
    private final Rates rates = new InMemoryRates(clock);

    @Override
    protected Rates rates() {
        return rates;
    }

    @Override
    protected void pass(Duration time) {
        clock.advance(time);
    }
}
