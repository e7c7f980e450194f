package dev.hubbub.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.cluster.Unavailable;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.UserId;
import dev.hubbub.session.Grant;
import dev.hubbub.session.Identity;
import dev.hubbub.spi.RoomAuthorizer;
import dev.hubbub.spi.RoomAuthorizer.Action;
import dev.hubbub.spi.RoomAuthorizer.Decision;
import dev.hubbub.support.FakeClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A team's own code that is slow: who waits for it, and for how long. */
class AuthorizersTest {
    private final CountDownLatch end = new CountDownLatch(1);
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final AtomicInteger interrupted = new AtomicInteger();
    private Authorizers authorizers;

    private void begin(String timeout, RoomAuthorizer own) {
        Settings settings = Settings.of(Map.of("hubbub.authorizer.timeout", timeout));
        authorizers = new Authorizers(List.of(own), settings, new Refusals(new FakeClock()));
    }

    @AfterEach
    void stop() {
        end.countDown();
        authorizers.stop();
    }

    private CompletableFuture<Decision> ask(String user, String room) {
        Identity who = new Identity(new UserId(user), null, Identity.Kind.USER, Grant.NONE, null);
        return authorizers.decide(who, Action.JOIN, room);
    }

    private CompletableFuture<Decision> blocks(RoomAuthorizer.Question question) {
        asked.add(question.room());
        try {
            if (question.room().startsWith("slow") && end.await(20, TimeUnit.SECONDS)) {
                return CompletableFuture.completedFuture(Decision.DENY);
            }
        } catch (InterruptedException e) {
            interrupted.incrementAndGet();
            throw new IllegalStateException(e);
        }
        return CompletableFuture.completedFuture(Decision.ALLOW);
    }

    /** Code that does not heed interrupts. */
    private void awaitWhateverComes() {
        while (true) {
            try {
                end.await();
                return;
            } catch (InterruptedException e) {
                // once more
            }
        }
    }

    @Test
    void oneUsersSlowRoomsDelayNobodyElse() {
        begin("PT10S", this::blocks);
        for (int i = 0; i < 128; i++) {
            var unused = ask("ann", "slow:" + i);
        }
        for (int i = 0; i < 200; i++) {
            assertThat(ask("bob", "fast:" + i).orTimeout(2, TimeUnit.SECONDS).join())
                    .isEqualTo(Decision.ALLOW);
        }
        assertThat(asked.stream().filter(room -> room.startsWith("slow"))).hasSize(4);
    }

    @Test
    void aResumeOfManyRoomsIsDecidedInTheOrderAsked() {
        begin("PT1S", question -> {
            asked.add(question.room());
            return CompletableFuture.supplyAsync(
                    () -> Decision.ALLOW, CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS));
        });
        List<CompletableFuture<Decision>> all = new ArrayList<>();
        for (int i = 0; i < 384; i++) {
            all.add(ask("ann", "room:" + i));
        }
        assertThat(all).allSatisfy(one -> assertThat(one.join()).isEqualTo(Decision.ALLOW));
        assertThat(asked).hasSize(384);
        for (int i = 0; i < 384; i++) {
            assertThat(asked.indexOf("room:" + i)).isBetween(i - 8, i + 8);
        }
    }

    @Test
    void whatIsLateIsInterruptedAndItsThreadGoesOn() {
        begin("PT0.2S", this::blocks);
        List<CompletableFuture<Decision>> slow = new ArrayList<>();
        for (String user : List.of("ann", "bob", "cid", "dan")) {
            for (int i = 0; i < 4; i++) {
                slow.add(ask(user, "slow:" + user + i)); // twice as many as there are threads
            }
        }
        assertThat(slow)
                .allSatisfy(
                        one -> assertThat(one.handle((d, failure) -> failure).join())
                                .isInstanceOfAny(Unavailable.class, CompletionException.class));
        // a thread that is free again may begin with one that is just not late yet
        Awaitility.await().until(() -> interrupted.get() >= 8 && interrupted.get() == asked.size());
        assertThat(ask("eve", "fast").join()).isEqualTo(Decision.ALLOW);
    }

    @Test
    void whatIsLateBeforeThereIsAThreadIsNotAskedAnyMore() {
        begin("PT0.2S", question -> {
            asked.add(question.room());
            if (question.room().startsWith("stuck")) {
                awaitWhateverComes();
            }
            return CompletableFuture.completedFuture(Decision.ALLOW);
        });
        List<CompletableFuture<Decision>> stuck = new ArrayList<>();
        for (String user : List.of("ann", "bob")) {
            for (int i = 0; i < 4; i++) {
                stuck.add(ask(user, "stuck:" + user + i));
            }
        }
        CompletableFuture<Decision> late = ask("cid", "late");
        assertThat(late.handle((d, failure) -> failure).join()).isNotNull();
        end.countDown();
        assertThat(ask("eve", "fast").join()).isEqualTo(Decision.ALLOW);
        assertThat(asked).hasSize(9).doesNotContain("late");
    }

    @Test
    void tooManyQuestionsOfOneUserAreRefusedAtOnce() {
        begin("PT10S", this::blocks);
        for (int i = 0; i < 1_004; i++) {
            assertThat(ask("ann", "slow:" + i)).isNotDone();
        }
        assertThat(ask("ann", "slow:more")).isCompletedExceptionally();
        assertThat(ask("bob", "fast").join()).isEqualTo(Decision.ALLOW);
    }
}
