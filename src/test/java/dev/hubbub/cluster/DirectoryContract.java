package dev.hubbub.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.cluster.Directory.Connection;
import dev.hubbub.cluster.Directory.Part;
import dev.hubbub.cluster.Directory.Use;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What every version of {@link Directory} keeps to. */
public abstract class DirectoryContract {
    /** On which everything is asked. */
    protected abstract Directory directory();

    /** Has a node tell, another one than is asked where there are several. */
    protected abstract void tell(Directory.Local local);

    protected static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("the stage did not complete", e);
        }
    }

    protected static Connection connection(String id, String user, String... rooms) {
        List<RoomName> in = List.of(rooms).stream().map(RoomName::new).toList();
        return new Connection(new ConnectionId(id), new UserId(user), "n.1", 1_780_000_000_123L, in);
    }

    private static List<String> ids(Part<Connection> part) {
        return part.items().stream().map(c -> c.conn().value()).toList();
    }

    private static List<String> names(Part<Use> part) {
        return part.items().stream().map(use -> use.room().value()).toList();
    }

    private FakeLocal told() {
        FakeLocal local = new FakeLocal();
        local.connections.add(connection("c1", "ann", "user:ann", "chat:a|b~c@d"));
        local.connections.add(connection("c2", "ben"));
        local.connections.add(connection("c3", "ann", "user:ann"));
        local.uses.add(new Use(new RoomName("chat:a"), "e_1-x", 7, 2));
        local.uses.add(new Use(new RoomName("chat:a:b"), "e2", 0, 0));
        local.uses.add(new Use(new RoomName("chat:c"), "e3", 1L << 52, 1));
        local.uses.add(new Use(new RoomName("other"), "e4", 1, 1));
        tell(local);
        return local;
    }

    @Test
    void whereNobodyHasToldThereIsNothing() {
        assertThat(get(directory().connections(null, "", 10))).isEqualTo(new Part<>(List.of(), false, List.of()));
        assertThat(get(directory().room(new RoomName("chat:a"))).items()).isEmpty();
        get(directory().close(new ConnectionId("c1"), "nobody"));
    }

    @Test
    void aConnectionIsToldAsItIs() {
        FakeLocal local = told();
        assertThat(get(directory().connection(new ConnectionId("c1"))).items())
                .containsExactly(local.connections.get(0));
        assertThat(get(directory().connection(new ConnectionId("c4"))))
                .isEqualTo(new Part<>(List.of(), false, List.of()));
    }

    @Test
    void connectionsArePagedAndMayBeAUsers() {
        FakeLocal local = told();
        assertThat(get(directory().connections(null, "", 3)))
                .isEqualTo(new Part<>(local.connections, false, List.of()));
        Part<Connection> first = get(directory().connections(null, "", 2));
        assertThat(ids(first)).containsExactly("c1", "c2");
        assertThat(first.more()).isTrue();
        Part<Connection> rest = get(directory().connections(null, "c2", 2));
        assertThat(ids(rest)).containsExactly("c3");
        assertThat(rest.more()).isFalse();
        assertThat(ids(get(directory().connections(new UserId("ann"), "", 10)))).containsExactly("c1", "c3");
        assertThat(ids(get(directory().connections(new UserId("ann"), "c1", 10))))
                .containsExactly("c3");
        assertThat(ids(get(directory().connections(new UserId("cid"), "", 10)))).isEmpty();
    }

    @Test
    void roomsArePagedByPrefix() {
        FakeLocal local = told();
        assertThat(get(directory().rooms("", "", 4)).items()).isEqualTo(local.uses);
        Part<Use> first = get(directory().rooms("chat:", "", 2));
        assertThat(names(first)).containsExactly("chat:a", "chat:a:b");
        assertThat(first.more()).isTrue();
        Part<Use> rest = get(directory().rooms("chat:", "chat:a:b", 2));
        assertThat(names(rest)).containsExactly("chat:c");
        assertThat(rest.more()).isFalse();
    }

    @Test
    void aRoomIsFoundByItsWholeName() {
        FakeLocal local = told();
        assertThat(get(directory().room(new RoomName("chat:a"))).items()).containsExactly(local.uses.get(0));
        assertThat(get(directory().room(new RoomName("chat"))).items()).isEmpty();
    }

    @Test
    void aConnectionIsClosedForAReason() {
        FakeLocal local = told();
        get(directory().close(new ConnectionId("c2"), "two words"));
        Awaitility.await().untilAsserted(() -> assertThat(local.closed).containsExactly("c2: two words"));
        get(directory().close(new ConnectionId("none"), "nobody"));
        assertThat(ids(get(directory().connections(null, "", 10)))).containsExactly("c1", "c3");
    }
}
