package dev.hubbub.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.hubbub.cluster.InMemoryRates;
import dev.hubbub.cluster.InMemorySanctions;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import dev.hubbub.session.Action;
import dev.hubbub.session.Grant;
import dev.hubbub.session.Identity;
import dev.hubbub.support.FakeClock;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What each publish is looked at for makes next to no garbage. */
class CheckCostTest {
    private static final int CALLS = 100_000;
    /** The text of a namespace's name. */
    private static final long LITTLE = 64;

    private final FakeClock clock = new FakeClock();
    private final Refusals refusals = new Refusals(clock);
    private final Identity ann = new Identity(new UserId("ann"), null, Identity.Kind.USER, Grant.NONE, null);
    private final RoomName room = new RoomName("chat:lobby");

    private static long bytesPerCall(Runnable call) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < CALLS; i++) {
                call.run();
            }
            least = Math.min(least, (threads.getCurrentThreadAllocatedBytes() - before) / CALLS);
        }
        return least;
    }

    @Test
    void rightsAndBans() {
        Settings settings = Settings.of(Map.of("hubbub.namespace.chat.publish", "users"));
        Permissions permissions = new Permissions(
                settings,
                new InMemorySanctions(settings, clock),
                new Authorizers(List.of(), settings, refusals),
                refusals);
        assertThat(permissions.check(ann, Action.PUBLISH, room)).isSameAs(Permissions.YES);
        assertThat(bytesPerCall(() -> permissions.check(ann, Action.PUBLISH, room)))
                .isLessThanOrEqualTo(LITTLE);
    }

    @Test
    void ratesThatNobodyAskedForCostNothing() {
        Settings settings = Settings.of(Map.of());
        PublishRates rates = new PublishRates(new InMemoryRates(clock), settings, refusals);
        assertThat(rates.take(ann, room)).isSameAs(Permissions.YES);
        assertThat(bytesPerCall(() -> rates.take(ann, room))).isZero();
    }

    @Test
    void whatIsRefusedAndNotToldIsOnlyCounted() {
        refusals.count(Refusals.Reason.MESSAGE_RATE, ann.user());
        assertThat(bytesPerCall(() -> refusals.count(Refusals.Reason.MESSAGE_RATE, ann.user())))
                .isZero();
        assertThat(refusals.count(Refusals.Reason.MESSAGE_RATE)).isEqualTo(1 + 5 * CALLS);
    }
}
