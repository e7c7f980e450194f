package dev.hubbub.example;

import dev.hubbub.spi.RoomAuthorizer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Lets the members of a team into the rooms {@code team:<its name>:…}, whatever their tokens say, and nobody else. */
@ApplicationScoped
public class TeamRooms implements RoomAuthorizer {
    // a team's own code asks its database here: it may wait
    private static final Map<String, Set<String>> TEAMS = Map.of("red", Set.of("ann", "bob"));
    private static final Set<String> SUSPENDED = Set.of("mallory");

    @Override
    public CompletionStage<Decision> decide(Question question) {
        return CompletableFuture.completedFuture(decided(question));
    }

    private static Decision decided(Question question) {
        if (question.action() == Action.CONNECT) {
            return SUSPENDED.contains(question.user()) ? Decision.DENY : Decision.ABSTAIN;
        }
        if (!question.room().startsWith("team:") || question.action() == Action.KICK) {
            return Decision.ABSTAIN; // the settings and the token decide
        }
        String team = question.room().split(":", -1)[1];
        boolean member = TEAMS.getOrDefault(team, Set.of()).contains(question.user());
        return member && !question.anonymous() ? Decision.ALLOW : Decision.DENY;
    }
}
