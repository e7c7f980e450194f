package dev.hubbub.room;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.config.Overflow;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.session.Session;
import dev.hubbub.support.FakeSink;
import dev.hubbub.support.Graph;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * The promise of {@code docs/protocol.md}: whatever joins, publishes, slow reads, disconnects and resumes come in
 * whatever order, each subscriber gets exactly the kept messages after the place it asked for, in order and once, or is
 * told what it does not get.
 */
class DeliveryPromiseTest {
    private static final int CLIENTS = 3;
    private static final List<String> ROOMS = List.of("a", "b");

    /** How a join asks. */
    enum Since {
        NOTHING,
        LAST_SEEN,
        SOME_SEQ,
        AHEAD,
        OTHER_EPOCH
    }

    enum What {
        KEPT,
        KEPT_WITHOUT_ECHO,
        EPHEMERAL,
        EPHEMERAL_WITHOUT_ECHO,
        CONFLATED
    }

    sealed interface Step {
        record Join(int client, int room, Since since, int number) implements Step {}

        record Leave(int client, int room) implements Step {}

        record Publish(int client, int room, What what, int count) implements Step {}

        record Stall(int client) implements Step {}

        record ReadOne(int client) implements Step {}

        record ReadOn(int client) implements Step {}

        /** Breaks or closes the connection, and comes back with the places that were seen. */
        record Reconnect(int client, boolean broken) implements Step {}

        record Tick(int millis) implements Step {}
    }

    record Script(Overflow policy, int historySize, int batchBytes, int loops, int inline, List<Step> steps) {}

    @Provide
    Arbitrary<Script> scripts() {
        return Combinators.combine(
                        Arbitraries.of(Overflow.values()),
                        Arbitraries.of(0, 1, 5, 64, 70, 200),
                        Arbitraries.of(4096, 65536),
                        Arbitraries.of(1, 2),
                        Arbitraries.of(0, 16, 10000),
                        steps().list().ofMinSize(5).ofMaxSize(50))
                .as(Script::new);
    }

    private static Arbitrary<Step> steps() {
        Arbitrary<Integer> client = Arbitraries.integers().between(0, CLIENTS - 1);
        Arbitrary<Integer> room = Arbitraries.of(0, 0, 0, 1);
        Arbitrary<Integer> few = Arbitraries.integers().between(1, 5);
        Arbitrary<Integer> many = Arbitraries.integers().between(30, 140);
        return Arbitraries.frequencyOf(
                Tuple.of(
                        8,
                        Combinators.combine(
                                        client,
                                        room,
                                        Arbitraries.of(Since.values()),
                                        Arbitraries.integers().between(0, 90))
                                .as(Step.Join::new)),
                Tuple.of(1, Combinators.combine(client, room).as(Step.Leave::new)),
                Tuple.of(
                        8,
                        Combinators.combine(
                                        client, room, Arbitraries.of(What.values()), Arbitraries.oneOf(few, few, many))
                                .as(Step.Publish::new)),
                Tuple.of(4, client.map(Step.Stall::new)),
                Tuple.of(4, client.map(Step.ReadOne::new)),
                Tuple.of(3, client.map(Step.ReadOn::new)),
                Tuple.of(
                        2,
                        Combinators.combine(client, Arbitraries.of(true, false)).as(Step.Reconnect::new)),
                Tuple.of(1, Arbitraries.integers().between(1, 400).map(Step.Tick::new)));
    }

    /** One message of a room as it was published. */
    private record Published(String payload, @Nullable String excluded) {}

    /** One connection of a client. */
    private static final class Connection {
        private final Session session;
        private final FakeSink sink;
        private final Set<String> in = new HashSet<>();

        Connection(Session session, FakeSink sink) {
            this.session = session;
            this.sink = sink;
        }

        String id() {
            return session.id().value();
        }
    }

    /** Plays one script. */
    private static final class Play {
        private final Script script;
        private final Graph graph;
        private final List<Connection> all = new ArrayList<>();
        private final Connection[] clients = new Connection[CLIENTS];
        private final Map<String, List<Published>> published = new HashMap<>();
        private final Map<String, Told.Expected> joins = new HashMap<>();
        private final Map<String, Long> replies = new HashMap<>();
        private int ids;
        private int ephemerals;

        Play(Script script) {
            this.script = script;
            graph = new Graph(Map.of(
                    "hubbub.namespace.default.history-size", String.valueOf(script.historySize),
                    "hubbub.namespace.default.overflow", script.policy.name().toLowerCase(Locale.ROOT),
                    "hubbub.delivery.batch-bytes", String.valueOf(script.batchBytes),
                    "hubbub.delivery.loops", String.valueOf(script.loops),
                    "hubbub.delivery.inline-sessions", String.valueOf(script.inline)));
            for (int i = 0; i < CLIENTS; i++) {
                clients[i] = open(i);
            }
            ROOMS.forEach(r -> published.put(r, new ArrayList<>()));
        }

        private Connection open(int client) {
            FakeSink sink = new FakeSink();
            Connection connection = new Connection(graph.open("user-" + client, sink), sink);
            all.add(connection);
            return connection;
        }

        void run() {
            try (graph) {
                script.steps.forEach(this::step);
                drain();
                all.forEach(this::check);
            }
        }

        private void step(Step step) {
            if (step instanceof Step.Join join) {
                join(clients[join.client], ROOMS.get(join.room), join.since, join.number);
            } else if (step instanceof Step.Leave leave) {
                leave(clients[leave.client], ROOMS.get(leave.room));
            } else if (step instanceof Step.Publish publish) {
                for (int i = 0; i < publish.count; i++) {
                    publish(clients[publish.client], ROOMS.get(publish.room), publish.what);
                }
            } else if (step instanceof Step.Stall stall) {
                clients[stall.client].sink.stall();
            } else if (step instanceof Step.ReadOne read) {
                clients[read.client].sink.readOne();
            } else if (step instanceof Step.ReadOn read) {
                clients[read.client].sink.resume();
            } else if (step instanceof Step.Reconnect reconnect) {
                reconnect(reconnect.client, reconnect.broken);
            } else if (step instanceof Step.Tick tick) {
                graph.tick(Duration.ofMillis(tick.millis));
            }
        }

        private String epoch(String room) {
            Room found = graph.rooms.find(new RoomName(room));
            return found == null ? "none-yet" : found.epoch();
        }

        private long seen(Connection connection, String room) {
            return connection.sink.frames().stream()
                    .map(f -> f.path("data"))
                    .filter(d -> d.path("room").asText().equals(room) && d.has("seq"))
                    .mapToLong(d -> d.path("seq").asLong())
                    .reduce(0, (before, now) -> now);
        }

        private void join(Connection connection, String room, Since since, int number) {
            long head = published.get(room).size();
            boolean lives = graph.rooms.find(new RoomName(room)) != null;
            Long asked = switch (since) {
                case NOTHING -> null;
                case LAST_SEEN -> seen(connection, room);
                case SOME_SEQ -> Math.max(0, head - number);
                case AHEAD -> head + 1 + number;
                case OTHER_EPOCH -> (long) number;
            };
            boolean foreign = since == Since.OTHER_EPOCH || !lives;
            String place = asked == null
                    ? ",'replay':" + number
                    : ",'since':{'epoch':'" + (foreign ? "other" : epoch(room)) + "','seq':" + asked + "}";
            String id = "j" + ids++;
            boolean stays = connection.in.contains(room) && asked == null && number == 0;
            joins.put(id, expected(connection, room, asked, foreign, number, stays));
            boolean open = !connection.session.isClosed();
            graph.send(
                    connection.session,
                    "{'type':'room.join','id':'" + id + "','data':{'room':'" + room + "'" + place + "}}");
            if (open) {
                connection.in.add(room);
            }
        }

        private Told.Expected expected(
                Connection connection, String room, @Nullable Long asked, boolean foreign, int replay, boolean stays) {
            long head = published.get(room).size();
            long first = Math.max(1, head - script.historySize + 1);
            if (asked == null) {
                long standing = Math.max(first - 1, head - replay);
                return new Told.Expected(head, null, sent(connection, room, standing), stays ? -1 : standing, null);
            }
            String reset = foreign ? "epoch" : asked > head ? "ahead" : asked + 1 < first ? "trimmed" : null;
            long standing = reset == null ? asked : head;
            return new Told.Expected(head, reset == null, sent(connection, room, standing), standing, reset);
        }

        /** How many of the messages after a place the connection is sent. */
        private long sent(Connection connection, String room, long after) {
            return published.get(room).stream()
                    .skip(after)
                    .filter(p -> !connection.id().equals(p.excluded))
                    .count();
        }

        private void leave(Connection connection, String room) {
            graph.send(
                    connection.session, "{'type':'room.leave','id':'l" + ids++ + "','data':{'room':'" + room + "'}}");
            connection.in.remove(room);
        }

        private void publish(Connection connection, String room, What what) {
            boolean ephemeral = what == What.EPHEMERAL || what == What.EPHEMERAL_WITHOUT_ECHO;
            boolean echo = what != What.KEPT_WITHOUT_ECHO && what != What.EPHEMERAL_WITHOUT_ECHO;
            String name = "c" + ids % 3;
            String id = "p" + ids++;
            String payload = ephemeral
                    ? "{\"n\":" + ephemerals++ + "}"
                    : what == What.CONFLATED ? "{\"i\":" + ids + ",\"c\":\"" + name + "\"}" : "{\"i\":" + ids + "}";
            graph.send(
                    connection.session,
                    "{'type':'room.publish','id':'" + id + "','data':{'room':'" + room + "','payload':" + payload
                            + ",'echo':" + echo + ",'ephemeral':" + ephemeral
                            + (what == What.CONFLATED ? ",'conflate':'" + name + "'" : "") + "}}");
            if (!ephemeral) {
                published.get(room).add(new Published(payload, echo ? null : connection.id()));
                replies.put(id, (long) published.get(room).size());
            }
        }

        private void reconnect(int client, boolean broken) {
            Connection before = clients[client];
            if (broken) {
                before.sink.breakOff();
            }
            graph.sessions.gone(before.session, broken ? 1006 : 1001);
            graph.sessions.kick();
            Connection now = open(client);
            clients[client] = now;
            for (String room : before.in) {
                resume(before, now, room);
            }
        }

        private void resume(Connection before, Connection now, String room) {
            long seen = seen(before, room);
            String id = "r" + ids++;
            joins.put(id, expected(now, room, seen, false, 0, false));
            graph.send(
                    now.session,
                    "{'type':'room.join','id':'" + id + "','data':{'room':'" + room + "','since':{'epoch':'"
                            + epoch(room) + "','seq':" + seen + "}}}");
            now.in.add(room);
        }

        private void drain() {
            // the end of each room is marked by a message that nothing supersedes
            Connection last = open(CLIENTS);
            ROOMS.forEach(room -> publish(last, room, What.KEPT));
            all.forEach(c -> c.sink.resume());
            graph.sessions.kick();
            Awaitility.await("everyone has everything")
                    .pollInterval(Duration.ofMillis(2))
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> {
                        for (Connection connection : clients) {
                            for (String room : connection.in) {
                                if (!connection.session.isClosed()
                                        && told(connection, room)
                                                != published.get(room).size()) {
                                    return false;
                                }
                            }
                        }
                        return true;
                    });
        }

        private long told(Connection connection, String room) {
            List<Published> messages = published.get(room);
            Told told = new Told(
                    room,
                    connection.id(),
                    script.policy,
                    script.historySize,
                    joins,
                    seq -> seq > messages.size() ? null : messages.get((int) seq - 1).payload,
                    (seq, conn) -> conn.equals(messages.get((int) (seq - 1)).excluded));
            return told.read(connection.sink.frames());
        }

        private void check(Connection connection) {
            ROOMS.forEach(room -> told(connection, room));
            assertThat(connection.sink.faults()).isEmpty();
            for (JsonNode reply : connection.sink.frames("room.publish.reply")) {
                Long seq = replies.get(reply.path("id").asText());
                assertThat(reply.path("data").path("seq").asLong(0)).isEqualTo(seq == null ? 0 : seq);
            }
            assertThat(connection.sink.frames("error")).isEmpty();
            if (connection.sink.closed() != null) {
                assertThat(connection.sink.closed()).isEqualTo(CloseCode.TOO_SLOW);
                assertThat(script.policy).isEqualTo(Overflow.DISCONNECT);
            }
        }
    }

    @Property(tries = 1000)
    void everySubscriberGetsEveryKeptMessageInOrderOnceOrIsTold(@ForAll("scripts") Script script) {
        Play play = new Play(script);
        play.run();
    }
}
