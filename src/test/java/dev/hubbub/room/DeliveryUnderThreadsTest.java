package dev.hubbub.room;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.config.Overflow;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.session.Session;
import dev.hubbub.support.FakeSink;
import dev.hubbub.support.Graph;
import dev.hubbub.support.Race;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The promise with publishers and subscribers on threads of their own. */
class DeliveryUnderThreadsTest {
    private static final int PUBLISHERS = 3;
    private static final int SUBSCRIBERS = 4;
    private static final int EACH = 3_000;

    /** What one subscriber saw over all of its connections. */
    private record Subscriber(List<FakeSink> sinks, List<Session> sessions) {
        FakeSink sink() {
            return sinks.get(sinks.size() - 1);
        }

        Session session() {
            return sessions.get(sessions.size() - 1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "REPLAY,1000000,1,16",
        "REPLAY,20,2,0",
        "REPLAY,0,2,16",
        "SKIP,20,2,16",
        "LATEST,200,2,0",
        "LATEST,5,1,16",
        "DISCONNECT,100,2,16"
    })
    void everySubscriberGetsEveryKeptMessageInOrderOnceOrIsTold(
            Overflow policy, int historySize, int loops, int inline) {
        ExecutorService completions = Executors.newFixedThreadPool(2);
        try (Graph graph = new Graph(Map.of(
                "hubbub.namespace.default.history-size", String.valueOf(historySize),
                "hubbub.namespace.default.overflow", policy.name().toLowerCase(Locale.ROOT),
                "hubbub.delivery.loops", String.valueOf(loops),
                "hubbub.delivery.inline-sessions", String.valueOf(inline)))) {
            Map<Long, String> messages = new ConcurrentHashMap<>();
            List<Subscriber> subscribers = new ArrayList<>();
            for (int i = 0; i < SUBSCRIBERS; i++) {
                subscribers.add(new Subscriber(
                        Collections.synchronizedList(new ArrayList<>()),
                        Collections.synchronizedList(new ArrayList<>())));
            }
            AtomicInteger publishing = new AtomicInteger(PUBLISHERS);
            Race.run(PUBLISHERS + SUBSCRIBERS, thread -> {
                if (thread < PUBLISHERS) {
                    publish(graph, thread, messages);
                    publishing.decrementAndGet();
                } else {
                    Subscriber subscriber = subscribers.get(thread - PUBLISHERS);
                    subscribe(graph, subscriber, completions, new SplittableRandom(thread), publishing);
                }
                return thread;
            });
            subscribers.forEach(s -> s.sink().resume());
            graph.sessions.kick();
            long head = graph.rooms.find(new RoomName("a")).head().seq();
            assertThat(head).isEqualTo((long) PUBLISHERS * EACH);
            assertThat(messages).hasSize((int) head);
            for (Subscriber subscriber : subscribers) {
                Awaitility.await("has everything")
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> {
                            Session session = subscriber.session();
                            return session.isClosed()
                                    || told(policy, historySize, messages, session, subscriber.sink()) == head;
                        });
                for (int i = 0; i < subscriber.sinks.size(); i++) {
                    FakeSink sink = subscriber.sinks.get(i);
                    told(policy, historySize, messages, subscriber.sessions.get(i), sink);
                    assertThat(sink.faults()).isEmpty();
                    assertThat(sink.closed()).isIn(null, policy == Overflow.DISCONNECT ? CloseCode.TOO_SLOW : null);
                    inOrderForEachPublisher(sink);
                }
            }
        } finally {
            completions.shutdown();
        }
    }

    private static void publish(Graph graph, int thread, Map<Long, String> messages) {
        FakeSink sink = new FakeSink();
        Session session = graph.open("publisher-" + thread, sink);
        for (int i = 0; i < EACH; i++) {
            String name = "c" + i % 5;
            String payload = i % 3 == 0
                    ? "{\"p\":" + thread + ",\"i\":" + i + ",\"c\":\"" + name + "\"}"
                    : "{\"p\":" + thread + ",\"i\":" + i + "}";
            graph.send(
                    session,
                    "{'type':'room.publish','id':'" + i + "','data':{'room':'a','payload':" + payload
                            + (i % 3 == 0 ? ",'conflate':'" + name + "'" : "") + ",'echo':" + (i % 2 == 0) + "}}");
            if (i % 50 == 0) {
                Thread.yield();
            }
        }
        Awaitility.await().until(() -> sink.frames("room.publish.reply").size() == EACH);
        for (JsonNode reply : sink.frames("room.publish.reply")) {
            int i = Integer.parseInt(reply.path("id").asText());
            String payload = i % 3 == 0
                    ? "{\"p\":" + thread + ",\"i\":" + i + ",\"c\":\"c" + i % 5 + "\"}"
                    : "{\"p\":" + thread + ",\"i\":" + i + "}";
            assertThat(messages.put(reply.path("data").path("seq").asLong(), payload))
                    .isNull();
        }
    }

    private static void subscribe(
            Graph graph,
            Subscriber subscriber,
            ExecutorService completions,
            SplittableRandom random,
            AtomicInteger publishing) {
        connect(graph, subscriber, completions, random);
        while (publishing.get() > 0) {
            FakeSink sink = subscriber.sink();
            switch (random.nextInt(8)) {
                case 0 -> sink.stall();
                case 1, 2 -> sink.readOne();
                case 3, 4 -> sink.resume();
                case 5 -> {
                    sink.breakOff();
                    graph.sessions.gone(subscriber.session(), 1006);
                    connect(graph, subscriber, completions, random);
                }
                case 6 -> join(graph, subscriber, random.nextInt(100));
                default -> Thread.yield();
            }
            for (int i = random.nextInt(2000); i > 0; i--) {
                Thread.onSpinWait();
            }
            if (subscriber.sinks.size() > 60) {
                break; // enough of it: what follows is read at full speed
            }
            if (subscriber.session().isClosed()) {
                connect(graph, subscriber, completions, random);
            }
        }
    }

    private static long seen(Subscriber subscriber) {
        long last = 0;
        for (FakeSink sink : subscriber.sinks) {
            for (JsonNode frame : sink.frames()) {
                JsonNode data = frame.path("data");
                if (data.path("room").asText().equals("a")
                        && frame.path("type").asText().equals("room.published")) {
                    last = data.path("seq").asLong();
                }
            }
        }
        return last;
    }

    private static void connect(
            Graph graph, Subscriber subscriber, ExecutorService completions, SplittableRandom random) {
        FakeSink sink = random.nextBoolean() ? new FakeSink(completions) : new FakeSink();
        long seen = subscriber.sinks.isEmpty() ? -1 : seen(subscriber);
        Session session = graph.open("subscriber", sink);
        subscriber.sinks.add(sink);
        subscriber.sessions.add(session);
        join(graph, subscriber, seen);
    }

    private static void join(Graph graph, Subscriber subscriber, long since) {
        var room = graph.rooms.find(new RoomName("a"));
        String place = room == null || since < 0
                ? ",'replay':10"
                : ",'since':{'epoch':'" + room.epoch() + "','seq':" + since + "}";
        graph.send(subscriber.session(), "{'type':'room.join','id':'j','data':{'room':'a'" + place + "}}");
    }

    private static long told(
            Overflow policy, int historySize, Map<Long, String> messages, Session session, FakeSink sink) {
        return new Told("a", session.id().value(), policy, historySize, Map.of(), messages::get, (seq, conn) -> false)
                .read(sink.frames());
    }

    private static void inOrderForEachPublisher(FakeSink sink) {
        Map<Integer, Integer> latest = new HashMap<>();
        for (JsonNode frame : sink.frames()) {
            JsonNode payload = frame.path("data").path("payload");
            if (frame.path("type").asText().equals("room.join.reply")) {
                latest.clear(); // it may have gone back
            } else if (payload.has("p")) {
                Integer before =
                        latest.put(payload.path("p").asInt(), payload.path("i").asInt());
                assertThat(before == null ? -1 : before)
                        .isLessThan(payload.path("i").asInt());
            }
        }
    }
}
