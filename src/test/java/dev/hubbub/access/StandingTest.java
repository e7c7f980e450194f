package dev.hubbub.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.UserId;
import dev.hubbub.session.Admission;
import dev.hubbub.session.Grant;
import dev.hubbub.session.Identity;
import dev.hubbub.session.Rights;
import dev.hubbub.session.Session;
import dev.hubbub.support.FakeSink;
import dev.hubbub.support.Graph;
import dev.hubbub.token.ApiKeyFile;
import dev.hubbub.token.FreshKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What let somebody in goes, and the session with it. */
class StandingTest {
    private static final Duration TICK = Duration.ofSeconds(1);

    @TempDir
    private Path folder;

    private static FreshKey key(Instant expires, String... scopes) {
        return FreshKey.make("backend", List.of(scopes), Instant.EPOCH, expires, new SecureRandom());
    }

    private static String text(FreshKey... keys) {
        ApiKeyFile.Content content = new ApiKeyFile.Content();
        for (FreshKey key : keys) {
            content.keys.add(key.entry());
        }
        return ApiKeyFile.write(content);
    }

    private Path write(String text) throws IOException {
        Path file = folder.resolve("keys.json");
        Path next = Files.writeString(folder.resolve("next.json"), text);
        return Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Graph graph(Path file) {
        return new Graph(Map.of("hubbub.api-keys.file", file.toString()));
    }

    private static FakeSink open(Graph graph, FreshKey key) {
        Admission admission = graph.apiKeys.verify(key.bearer());
        FakeSink sink = new FakeSink();
        graph.openings.openListening(((Admission.Admitted) admission).identity(), sink);
        return sink;
    }

    @Test
    void aKeyThatIsTakenOffTakesItsSessionsAlone() throws IOException {
        FreshKey stays = key(null, "publish:chat:*", "users", "join:news");
        FreshKey goes = key(null, "admin");
        try (Graph graph = graph(write(text(stays, goes)))) {
            FakeSink here = open(graph, stays);
            FakeSink gone = open(graph, goes);
            graph.tick(TICK);
            assertThat(gone.closed()).isNull();
            stays.entry().scopes = List.of("join:news", "users", "publish:chat:*"); // the same in another order
            write(text(stays));
            graph.tick(TICK);
            assertThat(gone.closed()).isEqualTo(CloseCode.FORBIDDEN);
            assertThat(here.closed()).isNull();
            assertThat(graph.sessions.count()).isEqualTo(1);
        }
    }

    @Test
    void otherScopesOrAnotherSecretAreAnotherKey() throws IOException {
        FreshKey scopes = key(null, "publish:chat:*", "users");
        FreshKey secret = key(null, "publish:chat:*");
        try (Graph graph = graph(write(text(scopes, secret)))) {
            FakeSink fewer = open(graph, scopes);
            FakeSink other = open(graph, secret);
            scopes.entry().scopes = List.of("publish:chat:*");
            secret.entry().sha256 = key(null).entry().sha256;
            write(text(scopes, secret));
            graph.tick(TICK);
            assertThat(fewer.closed()).isEqualTo(CloseCode.FORBIDDEN);
            assertThat(other.closed()).isEqualTo(CloseCode.FORBIDDEN);
        }
    }

    @Test
    void aKeyThatExpiresTakesItsSessionsWithoutGrace() throws IOException {
        FreshKey key = key(Instant.ofEpochMilli(1_780_000_002_000L), "users");
        try (Graph graph = graph(write(text(key)))) {
            FakeSink sink = open(graph, key);
            graph.tick(TICK);
            assertThat(sink.closed()).isNull();
            graph.tick(TICK);
            assertThat(sink.closed()).isEqualTo(CloseCode.FORBIDDEN);
        }
    }

    @Test
    void aSessionThatWasOpenedInTheMiddleOfARevocationGoesToo() {
        try (Graph graph = new Graph(Map.of())) {
            long now = graph.clock.millis();
            FakeSink before = new FakeSink();
            FakeSink anonymous = new FakeSink();
            FakeSink after = new FakeSink();
            FakeSink other = new FakeSink();
            graph.sanctions.revoke(new UserId("ann"));
            graph.openings.openListening(user(now - 5_000), before);
            graph.open("ann", anonymous);
            Session newer = graph.openings.openListening(user(now + 1_000), after);
            graph.open("bob", other);
            graph.tick(TICK);
            assertThat(before.closed()).isEqualTo(CloseCode.FORBIDDEN);
            assertThat(anonymous.closed()).isEqualTo(CloseCode.FORBIDDEN);
            assertThat(newer.isClosed()).isFalse();
            assertThat(other.closed()).isNull();
        }
    }

    private static Identity user(long issuedAt) {
        return new Identity(new UserId("ann"), null, Identity.Kind.USER, new Grant(0, issuedAt, Rights.NONE), null);
    }

    @Test
    void whoNeverTellsThatItHasGoneIsForgottenOnceItWasCutOff() {
        try (Graph graph = new Graph(Map.of())) {
            Session session = graph.open("ann", new FakeSink());
            session.close(CloseCode.RESTART, "restart");
            graph.tick(Duration.ofSeconds(11));
            assertThat(graph.sessions.closing()).isEqualTo(1);
            graph.tick(Duration.ofSeconds(10));
            assertThat(graph.sessions.closing()).isZero();
        }
    }
}
