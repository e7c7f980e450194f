package dev.hubbub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.cluster.Outbox;
import dev.hubbub.cluster.OutboxContract;
import dev.hubbub.support.RedisServer;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RedisOutboxTest extends OutboxContract {
    private static final Map<String, String> OPTIONS = Map.of("hubbub.webhook.queue", String.valueOf(MOST));

    private static RedisServer server;
    private static RedisNode node;
    private RedisOutbox outbox;

    @BeforeAll
    static void startAll() {
        server = RedisServer.start();
        node = new RedisNode(server.url(), OPTIONS).awaitHere();
    }

    @AfterAll
    static void stopAll() {
        node.close();
        server.close();
    }

    @BeforeEach
    void start() {
        outbox = new RedisOutbox(node.link, node.settings);
    }

    @AfterEach
    void empty() {
        server.cli("DEL", Keyspace.OUTBOX, Keyspace.OUTBOX_COUNTS, Keyspace.OUTBOX_SENDER);
    }

    @Override
    protected Outbox outbox() {
        return outbox;
    }

    @Override
    protected boolean isWritten() {
        return outbox.waiting() == 0;
    }

    private void add(RedisOutbox to, int from, int until) {
        numbers(from, until).forEach(to::add);
        Awaitility.await().until(() -> to.waiting() == 0);
    }

    @Test
    void oneNodeSendsWhatAllHavePutIn() {
        RedisOutbox other = new RedisOutbox(node.link, node.settings);
        add(outbox, 0, 2);
        add(other, 2, 4);
        assertThat(texts(get(outbox.next(10, HOLD_MS)))).isEqualTo(numbers(0, 4));
        assertThat(get(other.next(10, HOLD_MS))).isEqualTo(Outbox.Batch.NONE);
    }

    @Test
    void whenTheOneThatSendsIsSilentAnotherOneGoesOn() {
        RedisOutbox other = new RedisOutbox(node.link, node.settings);
        add(outbox, 0, 2);
        get(outbox.next(10, 300));
        Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .until(() -> texts(get(other.next(10, HOLD_MS))).equals(numbers(0, 2)));
        assertThat(get(outbox.next(10, HOLD_MS))).isEqualTo(Outbox.Batch.NONE);
    }

    @Test
    void whoHandsOverHasPutEverythingInAndLetsAnotherOneSendAtOnce() {
        RedisOutbox other = new RedisOutbox(node.link, node.settings);
        get(outbox.next(10, HOLD_MS));
        numbers(0, 50).forEach(outbox::add);
        get(outbox.handOver());
        assertThat(texts(get(other.next(100, HOLD_MS)))).isEqualTo(numbers(0, 50));
    }

    @Test
    void whatIsAddedWhileRedisIsAwayIsPutInInOrderAndOnceItIsBack() {
        RedisServer own = RedisServer.start();
        try (RedisNode lonely = new RedisNode(own.url(), OPTIONS).awaitHere()) {
            RedisOutbox box = new RedisOutbox(lonely.link, lonely.settings);
            own.kill();
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !lonely.link.isHere());
            numbers(0, MOST + 5).forEach(box::add);
            assertThat(box.waiting()).isEqualTo(MOST);
            assertThat(box.lost()).isEqualTo(5);
            own.restart();
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> box.waiting() == 0);
            Outbox.Batch batch = get(box.next(MOST + 5, HOLD_MS));
            assertThat(texts(batch)).isEqualTo(numbers(0, MOST));
            assertThat(batch.lost()).isEqualTo(5);
        } finally {
            own.close();
        }
    }

    @Test
    void afterRedisLostItsDataLossesAreToldAsBefore() {
        add(outbox, 0, MOST + 9);
        Outbox.Batch batch = get(outbox.next(1, HOLD_MS));
        empty();
        get(outbox.remove(batch));
        add(outbox, 0, MOST + 2);
        assertThat(get(outbox.next(1, HOLD_MS)).lost()).isEqualTo(2);
    }

    @Test
    void whatIsNoneOfOursInTheStreamIsLeftOut() {
        server.cli("XADD", Keyspace.OUTBOX, "*", "x", "1");
        add(outbox, 0, 1);
        assertThat(texts(get(outbox.next(10, HOLD_MS)))).isEqualTo(numbers(0, 1));
        server.cli("SET", Keyspace.OUTBOX, "x");
        assertThat(get(outbox.next(10, HOLD_MS)).items()).isEmpty();
    }
}
