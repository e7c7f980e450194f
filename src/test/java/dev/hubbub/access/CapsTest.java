package dev.hubbub.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.cluster.ClusterHealth;
import dev.hubbub.cluster.InMemoryQuotas;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Refusal;
import dev.hubbub.protocol.UserId;
import dev.hubbub.session.Grant;
import dev.hubbub.session.Identity;
import dev.hubbub.session.Rights;
import dev.hubbub.support.FakeClock;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CapsTest {
    private static final Identity ANN = new Identity(new UserId("ann"), null, Identity.Kind.USER, Grant.NONE, null);
    private static final Identity BOB = new Identity(new UserId("bob"), null, Identity.Kind.USER, Grant.NONE, null);
    private static final String HERE = "192.0.2.1";

    private final Caps caps = caps(Map.of(
            "hubbub.limits.connections-per-node", "4",
            "hubbub.limits.connections-per-ip", "2",
            "hubbub.limits.connections-per-user", "1"));

    private static Caps caps(Map<String, String> settings) {
        return new Caps(
                new InMemoryQuotas(),
                new ClusterHealth(new FakeClock()),
                Settings.of(settings),
                new Refusals(new FakeClock()));
    }

    private static ErrorCode code(Refusal refusal) {
        return refusal == null ? null : refusal.code();
    }

    @Test
    void whoIsNotKnownYetCountsToTheAddress() {
        Caps.Place first = caps.take(HERE);
        assertThat(caps.take(HERE).refusal()).isNull();
        assertThat(code(caps.take(HERE).refusal())).isEqualTo(ErrorCode.RESOURCE_EXHAUSTED);
        assertThat(code(caps.take(ANN, HERE).refusal())).isEqualTo(ErrorCode.RESOURCE_EXHAUSTED);
        first.giveBack();
        assertThat(caps.take(ANN, HERE).refusal()).isNull();
    }

    private static Identity backend(@Nullable String key) {
        Grant grant = new Grant(0, 0, Rights.ALL, key);
        return new Identity(new UserId("backend"), "label", Identity.Kind.BACKEND, grant, null);
    }

    @Test
    void backendsCountByTheirKeys() {
        Caps.Place shop = caps.take(backend("shop 0123"), "192.0.2.2");
        assertThat(shop.refusal()).isNull();
        assertThat(code(caps.take(backend("shop 4567"), "192.0.2.3").refusal()))
                .as("another secret of the same key")
                .isEqualTo(ErrorCode.RESOURCE_EXHAUSTED);
        assertThat(caps.take(backend("mail 0123"), "192.0.2.4").refusal()).isNull();
        assertThat(caps.take(backend(null), "192.0.2.5").refusal()).isNull();
        shop.giveBack();
        assertThat(caps.take(backend("shop 4567"), "192.0.2.6").refusal()).isNull();
    }

    @Test
    void aFullNodeIsUnavailable() {
        for (int i = 0; i < 4; i++) {
            assertThat(caps.take("192.0.2." + i).refusal()).isNull();
        }
        Refusal full = caps.take("192.0.2.9").refusal();
        assertThat(code(full)).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(full.retryAfterMs()).isPositive();
    }

    @Test
    void aNodeThatEndsTakesNobody() {
        ClusterHealth health = new ClusterHealth(new FakeClock());
        Caps ending = new Caps(
                new InMemoryQuotas(),
                health,
                Settings.of(Map.of("hubbub.limits.enabled", "false")),
                new Refusals(new FakeClock()));
        assertThat(ending.take(ANN, HERE).refusal()).isNull();
        health.end();
        Refusal refusal = ending.take(ANN, HERE).refusal();
        assertThat(code(refusal)).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(refusal.retryAfterMs()).isPositive();
        assertThat(health.isReady()).isFalse();
    }

    @Test
    void whoEntersCountsToTheUserToo() {
        Caps.Place place = caps.take(HERE);
        assertThat(place.enter(ANN)).isNull();
        assertThat(code(caps.take(ANN, "192.0.2.2").refusal())).isEqualTo(ErrorCode.RESOURCE_EXHAUSTED);
        place.giveBack();
        assertThat(caps.take(ANN, "192.0.2.2").refusal()).isNull();
    }

    @Test
    void whoMayNotEnterKeepsThePlaceUntilItIsGivenBack() {
        caps.take(ANN, HERE);
        Caps.Place place = caps.take(HERE);
        assertThat(code(place.enter(ANN))).isEqualTo(ErrorCode.RESOURCE_EXHAUSTED);
        assertThat(caps.take(HERE).refusal()).isNotNull();
        place.giveBack();
        assertThat(caps.take(BOB, HERE).refusal()).isNull();
    }

    @Test
    void aRefusalTakesNothing() {
        caps.take(ANN, HERE);
        for (int i = 0; i < 10; i++) {
            assertThat(caps.take(ANN, HERE).refusal()).isNotNull();
        }
        assertThat(caps.take(BOB, HERE).refusal()).isNull();
        for (int i = 0; i < 10; i++) {
            assertThat(caps.take(HERE).refusal()).isNotNull();
        }
        assertThat(caps.take("192.0.2.2").refusal()).isNull();
    }

    @Test
    void aPlaceIsGivenBackOnce() {
        Caps.Place place = caps.take(ANN, HERE);
        caps.take(HERE);
        place.giveBack();
        place.giveBack();
        assertThat(caps.take(HERE).refusal()).isNull();
        assertThat(caps.take(HERE).refusal()).isNotNull();
    }

    @Test
    void whoEntersTooLateLeavesNothing() {
        Caps.Place place = caps.take(HERE);
        place.giveBack();
        assertThat(code(place.enter(ANN))).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(caps.take(ANN, HERE).refusal()).isNull();
    }

    @Test
    void withoutLimitsNothingIsCounted() {
        Caps off = caps(Map.of("hubbub.limits.enabled", "false", "hubbub.limits.connections-per-ip", "1"));
        for (int i = 0; i < 3; i++) {
            Caps.Place place = off.take(HERE);
            assertThat(place.refusal()).isNull();
            assertThat(place.enter(ANN)).isNull();
            place.giveBack();
            assertThat(code(place.enter(ANN))).isEqualTo(ErrorCode.UNAVAILABLE);
        }
    }
}
