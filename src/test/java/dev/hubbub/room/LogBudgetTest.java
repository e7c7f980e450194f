package dev.hubbub.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.config.Settings;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.session.Session;
import dev.hubbub.support.FakeSink;
import dev.hubbub.support.Graph;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LogBudgetTest {
    private static final int BUDGET = 1_048_576;

    @Test
    void itIsExceededAboveItsMost() {
        LogBudget budget = new LogBudget(Settings.of(Map.of("hubbub.log.budget-bytes", "1048576")));
        budget.add(BUDGET);
        assertThat(budget.isExceeded()).isFalse();
        budget.add(1);
        assertThat(budget.isExceeded()).isTrue();
        budget.add(-1);
        assertThat(budget.isExceeded()).isFalse();
        assertThat(budget.held()).isEqualTo(BUDGET);
        assertThat(budget.most()).isEqualTo(BUDGET);
    }

    @Test
    void allLogsTogetherStayWithinItAndTheLargestGives() {
        try (Graph graph = new Graph(Map.of(
                "hubbub.log.budget-bytes",
                String.valueOf(BUDGET),
                "hubbub.namespace.default.history-size",
                "1000000"))) {
            Session session = graph.open("ann", new FakeSink());
            String payload = "'" + "x".repeat(1000) + "'";
            for (int i = 0; i < 20; i++) {
                graph.send(session, "{'type':'room.publish','data':{'room':'small','payload':" + payload + "}}");
            }
            for (int i = 0; i < 3000; i++) {
                graph.send(session, "{'type':'room.publish','data':{'room':'large','payload':" + payload + "}}");
                if (i % 200 == 0) {
                    graph.tick(Duration.ofSeconds(1));
                }
                assertThat(graph.budget.held()).isLessThanOrEqualTo(BUDGET + 2000);
            }
            graph.tick(Duration.ofSeconds(1));
            assertThat(graph.budget.held()).isLessThanOrEqualTo(BUDGET);
            assertThat(graph.budget.trimmed()).isPositive();
            assertThat(graph.rooms.find(new RoomName("small")).first()).isEqualTo(1);
            assertThat(graph.rooms.find(new RoomName("large")).head().seq()).isEqualTo(3000);
        }
    }
}
