package dev.hubbub.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.protocol.UserId;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What every version of {@link Nodes} keeps to. */
public abstract class NodesContract {
    private static final Nodes.Node SELF = new Nodes.Node("one", 3, 4, false);

    /** A node that has told nothing yet. */
    protected abstract Nodes nodes();

    protected static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("the stage did not complete", e);
        }
    }

    protected static void awaitListed(Nodes nodes, Nodes.Node... listed) {
        Awaitility.await().untilAsserted(() -> assertThat(get(nodes.list())).containsExactly(listed));
    }

    @Test
    void aNodeIsListedOnceItHasTold() {
        Nodes nodes = nodes();
        assertThat(get(nodes.list())).isEmpty();
        nodes.tell(() -> SELF);
        awaitListed(nodes, SELF);
    }

    @Test
    void aDrainingNodeIsListedAsSuchOnceThatIsSaid() {
        Nodes nodes = nodes();
        nodes.tell(() -> SELF);
        awaitListed(nodes, SELF);
        get(nodes.drain());
        assertThat(get(nodes.list())).containsExactly(SELF.asDraining());
    }

    @Test
    void aNodeIsToldOnceToDrainByItsNameAndListedSoAtOnce() {
        Nodes nodes = nodes();
        List<String> heard = new CopyOnWriteArrayList<>();
        nodes.onDrain(() -> heard.add("drain"));
        nodes.tell(() -> SELF);
        awaitListed(nodes, SELF);
        assertThat(get(nodes.drain("one"))).isTrue();
        assertThat(get(nodes.list())).containsExactly(SELF.asDraining());
        Awaitility.await().until(() -> !heard.isEmpty());
        assertThat(get(nodes.drain("one"))).isTrue();
        get(nodes.drain());
        assertThat(get(nodes.list())).containsExactly(SELF.asDraining());
        assertThat(heard).hasSize(1);
    }

    @Test
    void whoDrainsByItselfIsNotToldTo() {
        Nodes nodes = nodes();
        List<String> heard = new CopyOnWriteArrayList<>();
        nodes.onDrain(() -> heard.add("drain"));
        nodes.tell(() -> SELF);
        awaitListed(nodes, SELF);
        get(nodes.drain());
        assertThat(get(nodes.drain("one"))).isTrue();
        get(nodes.drain());
        assertThat(heard).isEmpty();
    }

    @Test
    void nobodyDrainsWhereNoNodeIsOfTheName() {
        Nodes nodes = nodes();
        List<String> heard = new CopyOnWriteArrayList<>();
        nodes.onDrain(() -> heard.add("drain"));
        assertThat(get(nodes.drain("one"))).isFalse();
        nodes.tell(() -> SELF);
        awaitListed(nodes, SELF);
        for (String name : List.of("two", "on", "one ", "", "ONE", ".*", "one 3", "one\none", "n\u00f6")) {
            assertThat(get(nodes.drain(name))).as(name).isFalse();
        }
        assertThat(get(nodes.list())).containsExactly(SELF);
        assertThat(heard).isEmpty();
    }

    @Test
    void aUserIsDisconnectedWithTheReasonThatWasGiven() {
        Nodes nodes = nodes();
        List<String> ended = new CopyOnWriteArrayList<>();
        nodes.onDisconnect((user, reason) -> ended.add(user + ": " + reason));
        nodes.tell(() -> SELF);
        awaitListed(nodes, SELF);
        get(nodes.disconnect(new UserId("ann"), "two words\nand a line"));
        Awaitility.await().untilAsserted(() -> assertThat(ended).containsExactly("ann: two words\nand a line"));
    }

    @Test
    void aUserIsDisconnectedWhereNobodyHearsOfIt() {
        get(nodes().disconnect(new UserId("ann"), "nobody"));
    }
}
