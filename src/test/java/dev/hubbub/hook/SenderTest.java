package dev.hubbub.hook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.cluster.InMemoryOutbox;
import dev.hubbub.config.Settings;
import dev.hubbub.support.FakeClock;
import dev.hubbub.support.HookReceiver;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SenderTest {
    private static final String SECRET = "a-secret-that-is-long-enough-for-this";

    private final FakeClock clock = new FakeClock();
    private final HookStats stats = new HookStats();
    private final HookReceiver receiver = HookReceiver.start();
    private InMemoryOutbox outbox;
    private Sender sender;

    @AfterEach
    void close() {
        receiver.close();
    }

    /** Whose back-off is always the longest. */
    private void sender(String... options) {
        Map<String, String> values = new HashMap<>(Map.of(
                "hubbub.webhook.url", receiver.url(), "hubbub.webhook.secret", SECRET, "hubbub.webhook.batch", "3"));
        for (int i = 0; i < options.length; i += 2) {
            values.put(options[i], options[i + 1]);
        }
        Settings settings = Settings.of(values);
        outbox = new InMemoryOutbox(settings, clock);
        sender = new Sender(outbox, settings, stats, clock, below -> below - 1);
    }

    private void add(int from, int to) {
        IntStream.range(from, to).forEach(i -> outbox.add("{\"id\":\"e" + i + "\"}"));
    }

    private void tick() {
        sender.tick();
        Awaitility.await().pollInterval(Duration.ofMillis(5)).until(() -> !sender.isBusy());
    }

    private void pass(Duration time) {
        clock.advance(time);
        tick();
    }

    private List<String> ids() {
        return receiver.events().stream().map(e -> e.get("id").asText()).toList();
    }

    private static List<String> ids(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "e" + i).toList();
    }

    private int requests() {
        return receiver.deliveries().size();
    }

    @Test
    void eventsAreSentInOrderInBatchesAndSigned() {
        sender();
        add(0, 8);
        tick();
        assertThat(ids()).isEqualTo(ids(0, 8));
        assertThat(requests()).isEqualTo(3);
        assertThat(receiver.deliveries()).allSatisfy(d -> {
            assertThat(HookReceiver.isSigned(d, SECRET)).isTrue();
            assertThat(d.signature()).startsWith("t=" + clock.millis() / 1000 + ",v1=");
            assertThat(d.json().get("id").asText()).isEqualTo(d.id());
            assertThat(d.json().has("lost")).isFalse();
        });
        assertThat(stats.delivered.sum()).isEqualTo(8);
        assertThat(stats.failed.sum()).isZero();
    }

    @Test
    void whereThereIsNothingNothingIsSent() {
        sender();
        tick();
        assertThat(requests()).isZero();
    }

    @Test
    void eachFailureIsFollowedByALongerWaitOfAMinuteAtMost() {
        sender("hubbub.webhook.retry-for", "P1D");
        add(0, 1);
        receiver.answer(503, 500, 502, 504, 503, 503, 503, 503, 503);
        tick();
        int tries = 1;
        for (long wait : List.of(1, 2, 4, 8, 16, 32, 60, 60, 60)) {
            assertThat(requests()).as("before %d s", wait).isEqualTo(tries);
            pass(Duration.ofSeconds(wait).minusMillis(1));
            assertThat(requests()).as("just before %d s", wait).isEqualTo(tries);
            pass(Duration.ofMillis(1));
            tries++;
            assertThat(requests()).as("after %d s", wait).isEqualTo(tries);
        }
        assertThat(ids()).isEqualTo(ids(0, 1));
        assertThat(stats.failed.sum()).isEqualTo(9);
        assertThat(outbox.lost()).isZero();
    }

    @Test
    void afterASuccessTheWaitIsShortAgain() {
        sender();
        add(0, 1);
        receiver.answer(503, 503, 200, 503);
        tick();
        pass(Duration.ofSeconds(1));
        pass(Duration.ofSeconds(2));
        add(1, 2);
        tick();
        assertThat(requests()).isEqualTo(4);
        pass(Duration.ofSeconds(1));
        assertThat(ids()).isEqualTo(ids(0, 2));
    }

    @Test
    void theSameEventsAreTheSameDelivery() {
        sender();
        add(0, 2);
        receiver.answer(503, 503);
        tick();
        pass(Duration.ofSeconds(1));
        pass(Duration.ofSeconds(2));
        add(0, 1);
        tick();
        List<String> deliveries =
                receiver.deliveries().stream().map(HookReceiver.Delivery::id).toList();
        assertThat(deliveries).hasSize(4);
        assertThat(deliveries.subList(0, 3)).containsOnly(deliveries.get(0));
        assertThat(deliveries.get(3)).isNotEqualTo(deliveries.get(0));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 410, 413, 422})
    void whatIsRefusedIsDroppedAndToldAndTheNextIsSent(int status) {
        sender();
        add(0, 5);
        receiver.answer(status);
        tick();
        assertThat(ids()).isEqualTo(ids(3, 5));
        assertThat(receiver.deliveries().get(1).json().get("lost").asInt()).isEqualTo(3);
        assertThat(outbox.lost()).isEqualTo(3);
        add(5, 6);
        tick();
        assertThat(receiver.deliveries().get(2).json().has("lost")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 307, 401, 403, 404, 408, 429, 500, 503})
    void whatFailsForNowIsKeptAndNeverRedirected(int status) {
        sender();
        add(0, 2);
        receiver.answer(status, "Location: " + receiver.url() + "/elsewhere");
        tick();
        assertThat(requests()).isEqualTo(1);
        pass(Duration.ofSeconds(1));
        assertThat(ids()).isEqualTo(ids(0, 2));
        assertThat(outbox.lost()).isZero();
    }

    @Test
    void aReceiverThatSaysWhenIsAskedThen() {
        sender();
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                clock.instant().plusSeconds(20).atZone(ZoneOffset.UTC));
        add(0, 1);
        receiver.answer(429, "Retry-After: 7");
        receiver.answer(503, "Retry-After: " + date);
        receiver.answer(503, "Retry-After: soon");
        tick();
        pass(Duration.ofMillis(6_999));
        assertThat(requests()).isEqualTo(1);
        pass(Duration.ofMillis(1));
        assertThat(requests()).isEqualTo(2);
        pass(Duration.ofMillis(12_999));
        assertThat(requests()).isEqualTo(2);
        pass(Duration.ofMillis(1));
        assertThat(requests()).isEqualTo(3);
        pass(Duration.ofSeconds(4));
        assertThat(ids()).isEqualTo(ids(0, 1));
    }

    @Test
    void whatIsTooOldIsLostAndToldInTheNextDelivery() {
        sender("hubbub.webhook.retry-for", "PT10M");
        add(0, 2);
        clock.advance(Duration.ofMinutes(10));
        add(2, 3);
        receiver.answer(503);
        tick();
        assertThat(outbox.lost()).isEqualTo(2);
        pass(Duration.ofSeconds(1));
        assertThat(ids()).isEqualTo(ids(2, 3));
        assertThat(receiver.deliveries().get(1).json().get("lost").asInt()).isEqualTo(2);
    }

    @Test
    void whatFoundNoPlaceIsToldInTheNextDelivery() {
        sender("hubbub.webhook.queue", "100", "hubbub.webhook.batch", "1000");
        add(0, 130);
        tick();
        assertThat(ids()).isEqualTo(ids(0, 100));
        assertThat(receiver.deliveries().get(0).json().get("lost").asInt()).isEqualTo(30);
        assertThat(outbox.lost()).isEqualTo(30);
    }

    @Test
    void aReceiverThatDoesNotAnswerIsAskedAgain() {
        sender("hubbub.webhook.timeout", "PT0.2S");
        receiver.silent(true);
        add(0, 1);
        tick();
        assertThat(stats.failed.sum()).isEqualTo(1);
        receiver.silent(false);
        pass(Duration.ofSeconds(1));
        assertThat(requests()).isEqualTo(2);
        assertThat(stats.delivered.sum()).isEqualTo(1);
    }

    @Test
    void aReceiverWhoseAnswerDoesNotEndIsAskedAgain() {
        sender("hubbub.webhook.timeout", "PT0.2S");
        receiver.endless(true);
        add(0, 1);
        tick();
        assertThat(stats.failed.sum()).isEqualTo(1);
        receiver.endless(false);
        pass(Duration.ofSeconds(1));
        assertThat(requests()).isEqualTo(2);
        assertThat(stats.delivered.sum()).isEqualTo(1);
    }

    @Test
    void aDeadReceiverThatComesBackGetsWhatWasKept() {
        sender();
        receiver.close();
        add(0, 7);
        tick();
        assertThat(stats.failed.sum()).isEqualTo(1);
        try (HookReceiver revived = HookReceiver.startOn(receiver.port())) {
            pass(Duration.ofSeconds(1));
            assertThat(revived.events().stream().map(e -> e.get("id").asText())).isEqualTo(ids(0, 7));
        }
    }

    @Test
    void atTheEndWhatThereIsGoesOut() {
        sender();
        add(0, 20);
        sender.end();
        assertThat(ids()).isEqualTo(ids(0, 20));
    }

    @Test
    void withoutAnUrlNothingIsSent() {
        outbox = new InMemoryOutbox(Settings.of(Map.of()), clock);
        Sender none = new Sender(outbox, Settings.of(Map.of()), stats, clock, below -> 0);
        add(0, 1);
        none.tick();
        assertThat(none.isBusy()).isFalse();
    }

    @Test
    void theSignatureIsHmacOverTimeAndBody() {
        // printf '1.{}' | openssl dgst -sha256 -hmac kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk
        assertThat(new Signature("k".repeat(32)).of(1, "{}"))
                .isEqualTo("t=1,v1=533ff6d088ebbd8b8eda578fab6866516503044a5a167b1cb03ecce1c2b8a844");
    }
}
