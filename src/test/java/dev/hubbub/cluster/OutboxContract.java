package dev.hubbub.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What every {@link Outbox} does. */
public abstract class OutboxContract {
    /** What the outbox under test takes. */
    protected static final int MOST = 100;

    protected static final long HOLD_MS = 10_000;

    protected abstract Outbox outbox();

    protected static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("the stage did not complete", e);
        }
    }

    protected static List<String> texts(Outbox.Batch batch) {
        return batch.items().stream().map(Outbox.Item::text).toList();
    }

    protected static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "{\"n\":" + i + "}").toList();
    }

    private void add(int from, int to) {
        numbers(from, to).forEach(outbox()::add);
        Awaitility.await().until(this::isWritten);
    }

    /** Whether what was added is where {@code next} finds it. */
    protected boolean isWritten() {
        return true;
    }

    private Outbox.Batch next(int most) {
        return get(outbox().next(most, HOLD_MS));
    }

    @Test
    void theOldestComeFirstAndStayUntilTheyAreRemoved() {
        add(0, 10);
        assertThat(texts(next(4))).isEqualTo(numbers(0, 4));
        Outbox.Batch batch = next(4);
        assertThat(texts(batch)).isEqualTo(numbers(0, 4));
        get(outbox().remove(batch));
        assertThat(texts(next(100))).isEqualTo(numbers(4, 10));
    }

    @Test
    void anEmptyOneHasNothing() {
        assertThat(next(5)).isEqualTo(Outbox.Batch.NONE);
    }

    @Test
    void whatFindsNoPlaceIsLostAndToldOnce() {
        add(0, MOST + 7);
        assertThat(outbox().lost()).isEqualTo(7);
        Outbox.Batch batch = next(MOST + 7);
        assertThat(texts(batch)).isEqualTo(numbers(0, MOST));
        assertThat(batch.lost()).isEqualTo(7);
        get(outbox().remove(batch));
        add(0, 1);
        assertThat(next(1).lost()).isZero();
    }

    @Test
    void whatIsGivenUpIsLost() {
        add(0, 5);
        get(outbox().giveUp(next(5).first(3)));
        assertThat(outbox().lost()).isEqualTo(3);
        Outbox.Batch batch = next(5);
        assertThat(texts(batch)).isEqualTo(numbers(3, 5));
        assertThat(batch.lost()).isEqualTo(3);
    }

    @Test
    void givingUpTwiceLosesOnce() {
        add(0, 5);
        Outbox.Batch batch = next(5);
        get(outbox().giveUp(batch));
        get(outbox().giveUp(batch));
        get(outbox().remove(batch));
        assertThat(outbox().lost()).isEqualTo(5);
    }

    @Test
    void lossesThatCameLaterAreToldLater() {
        add(0, MOST + 1);
        Outbox.Batch batch = next(1);
        add(0, 2);
        get(outbox().remove(batch));
        assertThat(next(1).lost()).isEqualTo(2);
    }

    @Test
    void textIsKeptAsItIs() {
        String text = "{\"room\":\"höhle\u2028 \"}";
        outbox().add(text);
        Awaitility.await().until(this::isWritten);
        assertThat(texts(next(1))).containsExactly(text);
    }

    @Test
    void itemsKnowWhenTheyCame() {
        add(0, 2);
        assertThat(next(2).items()).allSatisfy(item -> assertThat(item.at()).isPositive());
    }
}
