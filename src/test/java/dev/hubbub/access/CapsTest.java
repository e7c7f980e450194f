package dev.hubbub.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.cluster.ClusterHealth;
import dev.hubbub.cluster.InMemoryQuotas;
import dev.hubbub.cluster.Quotas;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CapsTest {
    private static final Identity ANN = new Identity(new UserId("ann"), null, Identity.Kind.USER, Grant.NONE, null);
    private static final Identity BOB = new Identity(new UserId("bob"), null, Identity.Kind.USER, Grant.NONE, null);
    private static final String HERE = "192.0.2.1";

    private final Caps caps = caps(Map.of(
            "hubbub.limits.connections-per-node", "4",
            "hubbub.limits.connections-per-ip", "2",
            "hubbub.limits.connections-per-user", "1"));

    private static Caps caps(Map<String, String> settings) {
        return caps(settings, new InMemoryQuotas(), new ClusterHealth(new FakeClock()));
    }

    private static Caps caps(Map<String, String> settings, Quotas quotas, ClusterHealth health) {
        Settings all = Settings.of(settings);
        Refusals refusals = new Refusals(new FakeClock());
        return new Caps(quotas, health, all, refusals, new EntryPace(all, refusals));
    }

    private static ErrorCode code(Refusal refusal) {
        return refusal == null ? null : refusal.code();
    }

    /** A connection as a transport lets it in; where it is refused, its place is given back. */
    private record Visit(Caps.Place place, @Nullable Refusal refusal) {
        static Visit of(Caps caps, Identity who, String address) {
            Caps.Place place = caps.take(address);
            Refusal refusal = place.refusal() == null ? place.enter(who) : place.refusal();
            if (refusal != null) {
                place.giveBack();
            }
            return new Visit(place, refusal);
        }

        void end() {
            place.giveBack();
        }
    }

    private Visit visit(Identity who, String address) {
        return Visit.of(caps, who, address);
    }

    @Test
    void whoIsNotKnownYetCountsToTheAddress() {
        Caps.Place first = caps.take(HERE);
        assertThat(caps.take(HERE).refusal()).isNull();
        assertThat(code(caps.take(HERE).refusal())).isEqualTo(ErrorCode.RESOURCE_EXHAUSTED);
        assertThat(code(visit(ANN, HERE).refusal())).isEqualTo(ErrorCode.RESOURCE_EXHAUSTED);
        first.giveBack();
        assertThat(visit(ANN, HERE).refusal()).isNull();
    }

    private static Identity backend(@Nullable String key) {
        Grant grant = new Grant(0, 0, Rights.ALL, key);
        return new Identity(new UserId("backend"), "label", Identity.Kind.BACKEND, grant, null);
    }

    @Test
    void backendsCountByTheirKeys() {
        Visit shop = visit(backend("shop 0123"), "192.0.2.2");
        assertThat(shop.refusal()).isNull();
        assertThat(code(visit(backend("shop 4567"), "192.0.2.3").refusal()))
                .as("another secret of the same key")
                .isEqualTo(ErrorCode.RESOURCE_EXHAUSTED);
        assertThat(visit(backend("mail 0123"), "192.0.2.4").refusal()).isNull();
        assertThat(visit(backend(null), "192.0.2.5").refusal()).isNull();
        shop.end();
        assertThat(visit(backend("shop 4567"), "192.0.2.6").refusal()).isNull();
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

    /** Of two that may come at once each takes one. */
    @Test
    void whoIsRefusedGivesBackWhatTheyTookOfThePaceAndWhoIsInDoesNot() {
        Caps slow = caps(Map.of(
                "hubbub.limits.node-handshakes-per-second", "1",
                "hubbub.limits.node-handshakes-burst", "2"));
        EntryPace.Knock knock = EntryPace.Knock.KNOWN_WITH_TICKET;
        for (int refused = 0; refused < 10; refused++) {
            Caps.Place place = slow.take(HERE);
            assertThat(place.take(knock)).isNull();
            assertThat(place.take(knock)).as("it has one").isNull();
            place.giveBack();
            place.giveBack();
        }
        int in = 0;
        Caps.Place next = slow.take(HERE);
        while (next.take(knock) == null) {
            next.letIn();
            next.giveBack();
            next = slow.take(HERE);
            in++;
        }
        assertThat(in).isBetween(2, 4); // one comes back each second
        Caps.Place gone = slow.take(HERE);
        gone.giveBack();
        assertThat(gone.take(knock)).as("it was given back before").isNotNull();
    }

    @Test
    void aNodeThatEndsTakesNobody() {
        ClusterHealth health = new ClusterHealth(new FakeClock());
        Caps ending = caps(Map.of("hubbub.limits.enabled", "false"), new InMemoryQuotas(), health);
        assertThat(Visit.of(ending, ANN, HERE).refusal()).isNull();
        health.end();
        Refusal refusal = Visit.of(ending, ANN, HERE).refusal();
        assertThat(code(refusal)).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(refusal.retryAfterMs()).isPositive();
        assertThat(health.isReady()).isFalse();
    }

    /** It is asked for the place first, and while it is found out who comes the node begins to end. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whereTheNodeBeginsToEndMeanwhileNobodyEntersAndNothingIsCounted(boolean limits) {
        ClusterHealth health = new ClusterHealth(new FakeClock());
        InMemoryQuotas quotas = new InMemoryQuotas();
        Caps ending = caps(Map.of("hubbub.limits.enabled", String.valueOf(limits)), quotas, health);
        Caps.Place place = ending.take(HERE);
        assertThat(place.refusal()).isNull();
        health.end();
        Refusal refusal = place.enter(ANN);
        assertThat(code(refusal)).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(refusal.retryAfterMs()).isPositive();
        place.giveBack();
        assertThat(code(place.enter(ANN))).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(quotas.take("user:ann", 1)).as("none is left of the user").isTrue();
        assertThat(quotas.take("ip:" + HERE, 1)).as("nor of the address").isTrue();
    }

    @Test
    void whoEntersCountsToTheUserToo() {
        Caps.Place place = caps.take(HERE);
        assertThat(place.enter(ANN)).isNull();
        assertThat(code(visit(ANN, "192.0.2.2").refusal())).isEqualTo(ErrorCode.RESOURCE_EXHAUSTED);
        place.giveBack();
        assertThat(visit(ANN, "192.0.2.2").refusal()).isNull();
    }

    @Test
    void whoMayNotEnterKeepsThePlaceUntilItIsGivenBack() {
        visit(ANN, HERE);
        Caps.Place place = caps.take(HERE);
        assertThat(code(place.enter(ANN))).isEqualTo(ErrorCode.RESOURCE_EXHAUSTED);
        assertThat(caps.take(HERE).refusal()).isNotNull();
        place.giveBack();
        assertThat(visit(BOB, HERE).refusal()).isNull();
    }

    @Test
    void aRefusalTakesNothing() {
        visit(ANN, HERE);
        for (int i = 0; i < 10; i++) {
            assertThat(visit(ANN, HERE).refusal()).isNotNull();
        }
        assertThat(visit(BOB, HERE).refusal()).isNull();
        for (int i = 0; i < 10; i++) {
            assertThat(caps.take(HERE).refusal()).isNotNull();
        }
        assertThat(caps.take("192.0.2.2").refusal()).isNull();
    }

    @Test
    void aPlaceIsGivenBackOnce() {
        Visit visit = visit(ANN, HERE);
        caps.take(HERE);
        visit.end();
        visit.end();
        assertThat(caps.take(HERE).refusal()).isNull();
        assertThat(caps.take(HERE).refusal()).isNotNull();
    }

    @Test
    void whoEntersTooLateLeavesNothing() {
        Caps.Place place = caps.take(HERE);
        place.giveBack();
        assertThat(code(place.enter(ANN))).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(visit(ANN, HERE).refusal()).isNull();
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
