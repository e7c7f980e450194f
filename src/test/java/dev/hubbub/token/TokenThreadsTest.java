package dev.hubbub.token;

import static dev.hubbub.token.Issuer.RSA;
import static dev.hubbub.token.Issuer.claims;
import static dev.hubbub.token.Issuer.problem;
import static dev.hubbub.token.Issuer.sign;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import dev.hubbub.access.Caps;
import dev.hubbub.access.EntryPace;
import dev.hubbub.access.Refusals;
import dev.hubbub.cluster.ClusterHealth;
import dev.hubbub.cluster.Quotas;
import dev.hubbub.session.Admission;
import dev.hubbub.support.Graph;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The few threads that fetch keys wait for no place of those whose keys they have fetched. */
class TokenThreadsTest {
    /** As many as there are such threads. */
    private static final int THREADS = 2;

    private final Provider provider = new Provider(RSA.toPublicJWK());
    private final CountDownLatch asking = new CountDownLatch(THREADS);
    private final CompletableFuture<Boolean> places = new CompletableFuture<>();
    private Graph graph;
    private Caps caps;

    /** As over a Redis that takes its time to say whether a user may have another connection. */
    private final Quotas quotas = new Quotas() {
        @Override
        public boolean take(String name, int limit) {
            if (!name.startsWith("user:")) {
                return true;
            }
            asking.countDown();
            return places.join();
        }

        @Override
        public void giveBack(String name) {}
    };

    @BeforeEach
    void start() {
        provider.hold();
        graph = new Graph(Map.of(
                "hubbub.limits.enabled", "true",
                "hubbub.redis", "redis://127.0.0.1:1",
                "hubbub.auth.jwt.jwks-url", provider.url()));
        caps = new Caps(
                quotas,
                new ClusterHealth(graph.clock),
                graph.settings,
                new Refusals(graph.clock),
                new EntryPace(graph.settings, new Refusals(graph.clock)));
    }

    @AfterEach
    void stop() {
        places.complete(true);
        graph.close();
        provider.close();
    }

    private HttpServletRequest request() {
        String token = sign(JWSAlgorithm.RS256, RSA, claims(graph.clock, ""));
        return (HttpServletRequest) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, args) -> method.getName().equals("getHeader") && args[0].equals("Authorization")
                        ? "Bearer " + token
                        : null);
    }

    private Caps.Place place() {
        return caps.take("192.0.2.1");
    }

    /** Whoever comes with a key that nobody knows is told so, which takes one of the threads; where none is free they are told to wait. */
    private void assertTheNextIsServed() throws InterruptedException {
        provider.release();
        assertThat(asking.await(20, TimeUnit.SECONDS)).isTrue();
        JWSHeader unknown =
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("unknown").build();
        String token = sign(unknown, RSA, claims(graph.clock, ""));
        assertThat(problem(graph.entrance.login(token, "").toCompletableFuture().join()))
                .isEqualTo("UNAUTHENTICATED the token is not valid");
    }

    @Test
    void streamsThatWaitForAPlaceHoldNone() throws InterruptedException {
        List<CompletableFuture<Admission>> streams = Stream.generate(() ->
                        graph.entrance.admitStream(request(), false, place()).toCompletableFuture())
                .limit(THREADS)
                .toList();
        assertTheNextIsServed();
        assertThat(streams).noneMatch(CompletableFuture::isDone);
        places.complete(true);
        assertThat(streams)
                .allSatisfy(stream -> assertThat(problem(stream.join())).isEqualTo("let in"));
    }

    @Test
    void webSocketsThatWaitForAPlaceHoldTheirOwn() throws InterruptedException {
        List<CompletableFuture<Admission>> sockets =
                Stream.generate(this::handshake).limit(THREADS).toList();
        assertTheNextIsServed();
        assertThat(sockets).noneMatch(CompletableFuture::isDone);
        places.complete(true);
        assertThat(sockets)
                .allSatisfy(socket -> assertThat(problem(socket.join())).isEqualTo("let in"));
    }

    /** In a thread of its own, which waits for the key already. */
    private CompletableFuture<Admission> handshake() {
        CompletableFuture<Admission> admission = new CompletableFuture<>();
        Thread thread = new Thread(() -> admission.complete(graph.entrance.admit(request(), place())));
        thread.setDaemon(true);
        thread.start();
        await().pollInterval(Duration.ofMillis(5)).until(() -> thread.getState() == Thread.State.WAITING);
        return admission;
    }

    @Test
    void whereTheyAreRefusedAPlaceTheyAreToldSo() {
        CompletableFuture<Admission> stream =
                graph.entrance.admitStream(request(), false, place()).toCompletableFuture();
        places.complete(false);
        provider.release();
        assertThat(problem(stream.join())).isEqualTo("RESOURCE_EXHAUSTED too many connections");
    }
}
