package dev.hubbub.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.protocol.CloseCode;
import dev.hubbub.support.FakeSink;
import dev.hubbub.support.Graph;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FailingSinkTest {
    private final Graph graph =
            new Graph(Map.of("hubbub.delivery.loops", "1", "hubbub.delivery.inline-sessions", "10000"));

    @AfterEach
    void end() {
        graph.close();
    }

    @Test
    void aSinkThatFailsHarmsNoOtherSubscriberOfTheRoom() {
        List<FakeSink> sinks = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            FakeSink sink = new FakeSink();
            sinks.add(sink);
            graph.send(graph.open("user-" + i, sink), "{'type':'room.join','data':{'room':'lobby'}}");
        }
        FakeSink failing = sinks.remove(2);
        failing.failWith(new IllegalStateException("this one fails on purpose"));
        Session publisher = graph.open("publisher", new FakeSink());
        graph.send(publisher, "{'type':'room.publish','data':{'room':'lobby','payload':1}}");
        assertThat(sinks).allSatisfy(s -> assertThat(s.frames("room.published")).hasSize(1));
        assertThat(failing.closed()).isEqualTo(CloseCode.SERVER_FAULT);
    }

    @Test
    void aSinkThatFailsAtAnAnswerIsClosedAndTheLoopGoesOn() {
        FakeSink failing = new FakeSink();
        Session session = graph.open("ann", failing);
        failing.failWith(new IllegalStateException("this one fails on purpose"));
        graph.send(session, "{'type':'ping'}");
        assertThat(failing.closed()).isEqualTo(CloseCode.SERVER_FAULT);
        FakeSink other = new FakeSink();
        graph.send(graph.open("ben", other), "{'type':'ping'}");
        assertThat(other.frames("pong")).hasSize(1);
    }

    @Test
    void anErrorDoesNotEndTheLoop() {
        FakeSink other = new FakeSink();
        Session ben = graph.open("ben", other);
        Session ann = graph.open("ann", new FakeSink());
        Source broken = new Source() {
            @Override
            public String name() {
                return "broken";
            }

            @Override
            public boolean fill(Batch batch) {
                throw new StackOverflowError("on purpose");
            }
        };
        ann.add(broken);
        ann.ready(broken);
        graph.sessions.kick();
        graph.send(ben, "{'type':'ping'}");
        assertThat(other.frames("pong")).hasSize(1);
        assertThat(ann.isClosed()).isTrue();
    }

    @Test
    void aConnectionThatBreaksInTheMiddleOfAWriteIsAborted() {
        FakeSink sink = new FakeSink();
        sink.stall();
        Session ann = graph.open("ann", sink);
        sink.breakOff();
        graph.sessions.gone(ann, 1006);
        assertThat(ann.isClosed()).isTrue();
        assertThat(graph.sessions.count()).isZero();
    }

    @Test
    void aClientThatDoesNotReadItsAnswersIsClosedWith4204() {
        try (Graph small = new Graph(Map.of("hubbub.limits.queued-replies", "8"))) {
            FakeSink sink = new FakeSink();
            sink.stall();
            Session ann = small.open("ann", sink);
            for (int i = 0; i < 8; i++) {
                small.send(ann, "{'type':'ping'}");
            }
            assertThat(sink.closed()).isNull();
            small.send(ann, "{'type':'ping'}");
            assertThat(sink.closed()).isEqualTo(CloseCode.RATE_LIMIT);
        }
    }
}
