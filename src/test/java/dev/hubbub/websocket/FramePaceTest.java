package dev.hubbub.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.access.Pace;
import dev.hubbub.access.Refusals;
import dev.hubbub.config.Settings;
import dev.hubbub.support.FakeClock;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.OutgoingEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Frames of one connection are read as fast as they may come, and no faster. */
class FramePaceTest {
    private static final int BURST = 20;
    /** Of ten a second. */
    private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(100);

    private static final int PAUSE_MS = 10;
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(PAUSE_MS);

    private record Held(Runnable task, long waitNanos) {}

    private final Refusals refusals = new Refusals(new FakeClock());
    private final List<Held> held = new ArrayList<>();
    private final List<String> done = new ArrayList<>();
    /** Who is in line to be read on. */
    private final List<Runnable> others = new ArrayList<>();

    private final Pace talk = new Pace(Settings.of(Map.of()).limits);
    private final WriteGate gate = new WriteGate();
    private long now = Long.MAX_VALUE - 5 * INTERVAL; // it runs over, as nanoTime may

    @BeforeEach
    void begin() {
        gate.begin(
                new Reading(
                        new FramePace(
                                10,
                                BURST,
                                PAUSE_MS,
                                () -> now,
                                (task, wait) -> held.add(new Held(task, wait)),
                                refusals),
                        others::add),
                talk);
        gate.setNextDemand(() -> done.add("read"));
        gate.setNextIncomingFrames((frame, callback) -> gate.demand());
        gate.setNextOutgoingFrames(entry -> {});
        gate.setCoreSession(new CoreSession.Empty() {
            @Override
            public SocketAddress getRemoteAddress() {
                return new InetSocketAddress("192.0.2.1", 7);
            }

            @Override
            public void abort() {
                done.add("cut off");
            }
        });
    }

    private void frames(int count) {
        for (int i = 0; i < count; i++) {
            gate.onFrame(new Frame(i % 2 == 0 ? OpCode.PING : OpCode.TEXT), Callback.NOOP);
        }
    }

    /** Each by itself, as they come from most. */
    private void apart(int count) {
        for (int i = 0; i < count; i++) {
            gate.beginTurn();
            frames(1);
        }
    }

    private void told() {
        gate.sendFrame(new OutgoingEntry.Builder()
                .frame(new Frame(OpCode.CLOSE, ByteBuffer.allocate(0)))
                .callback(Callback.NOOP)
                .build());
    }

    @Test
    void whoeverKeepsToItNeverWaits() {
        apart(BURST);
        for (int second = 0; second < 20; second++) {
            now += 10 * INTERVAL;
            apart(10);
        }
        assertThat(done).hasSize(BURST + 200).containsOnly("read");
        assertThat(held).isEmpty();
    }

    @Test
    void whoeverFloodsIsReadOnWhenItsTimeHasCome() {
        apart(BURST + 1);
        assertThat(done).hasSize(BURST);
        assertThat(held).singleElement().satisfies(wait -> {
            assertThat(wait.waitNanos).isEqualTo(INTERVAL);
            now += wait.waitNanos;
            wait.task.run();
            others.remove(0).run();
        });
        assertThat(done).hasSize(BURST + 1).containsOnly("read");
        assertThat(refusals.count(Refusals.Reason.FRAME_RATE)).isOne();
        apart(1);
        assertThat(held).hasSize(2);
    }

    @Test
    void whoeverFloodsOnOnceToldToGoIsNotReadAndCutOff() {
        apart(BURST);
        told();
        apart(1);
        assertThat(done).hasSize(BURST);
        assertThat(held).singleElement().satisfies(wait -> {
            assertThat(wait.waitNanos).isEqualTo(FramePace.FAREWELL_NS);
            wait.task.run();
            others.remove(0).run();
        });
        assertThat(done).last().isEqualTo("cut off");
    }

    @Test
    void afterSomeFramesAnotherThreadReadsOnWhetherThereIsALimitOrNot() {
        for (int turn = 1; turn < 3; turn++) {
            for (int i = 1; i < PacedReads.TURN; i++) {
                now += INTERVAL;
                frames(1);
            }
            assertThat(others).isEmpty();
            now += INTERVAL;
            frames(1);
            assertThat(others).hasSize(1);
            others.remove(0).run();
            assertThat(done).hasSize(turn * PacedReads.TURN).containsOnly("read");
        }
    }

    @Test
    void whoeverSendsAFewFramesAtATimeIsReadByTheThreadThatReadsForAll() {
        for (int i = 0; i < 5; i++) {
            gate.beginTurn();
            now += INTERVAL * PacedReads.TURN;
            apart(PacedReads.TURN - 1);
        }
        assertThat(others).isEmpty();
    }

    @Test
    void whoeverAnswersACloseInItsTimeIsRead() {
        apart(BURST - 1);
        told();
        apart(1);
        assertThat(done).hasSize(BURST).containsOnly("read");
    }

    @Test
    void whoeverWasRefusedIsReadOnAfterAPauseForEachRefusal() {
        talk.wasTooFast(0);
        frames(1);
        talk.wasTooFast(0);
        talk.wasInvalid(0);
        frames(1);
        assertThat(done).isEmpty();
        assertThat(held).extracting(Held::waitNanos).containsExactly(PAUSE, 2 * PAUSE);
        held.get(0).task.run();
        others.remove(0).run();
        assertThat(done).containsExactly("read");
        frames(1); // which was not refused
        assertThat(done).hasSize(2);
        assertThat(refusals.count(Refusals.Reason.FRAME_RATE)).isZero();
    }

    /** Other nodes' counts may tell of many at once, and signs of life have to come through. */
    @Test
    void onePauseIsASecondAtMost() {
        for (int i = 0; i < 1_000; i++) {
            talk.wasTooFast(i);
        }
        frames(1);
        assertThat(held).extracting(Held::waitNanos).containsExactly(TimeUnit.SECONDS.toNanos(1));
    }

    @Test
    void whoeverWasRefusedAndFloodsWaitsForTheLongerOfBoth() {
        apart(BURST);
        talk.wasTooFast(0);
        apart(1);
        assertThat(held).extracting(Held::waitNanos).containsExactly(INTERVAL);
        assertThat(refusals.count(Refusals.Reason.FRAME_RATE)).isOne();
    }

    @Test
    void whoeverWasRefusedAndToldToGoIsReadForTheAnswerToTheClose() {
        talk.wasTooFast(0);
        told();
        apart(1);
        assertThat(done).containsExactly("read");
    }
}
