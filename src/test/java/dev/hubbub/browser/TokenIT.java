package dev.hubbub.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.hubbub.support.Node;
import dev.hubbub.support.Ports;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The client outside development mode: with tokens, from a page whose origin is listed. */
class TokenIT {
    @RegisterExtension
    static final Browsers BROWSERS = new Browsers();

    private static final String SECRET = "shared-by-this-test-and-its-node-only";
    private static Node node;

    @BeforeAll
    static void start() {
        node = launch("-Dhubbub.auth.expiry-grace=PT1S", "-Dhubbub.auth.jwt.skew=PT0S");
    }

    private static Node launch(String... options) {
        int port = Ports.free();
        Stream<String> own =
                Stream.of("-Dhubbub.auth.jwt.secret=" + SECRET, "-Dhubbub.origins=http://127.0.0.1:" + port);
        return Node.launchOn(port, Stream.concat(own, Stream.of(options)).toArray(String[]::new))
                .awaitReady();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static String token(String user, long seconds, String... actions) {
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .subject(user)
                .issueTime(new Date())
                .expirationTime(Date.from(Instant.now().plusSeconds(seconds)))
                .claim("rooms", Map.of("chat:*", List.of(actions)))
                .build();
        SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
        try {
            token.sign(new MACSigner(SECRET));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return token.serialize();
    }

    private static Page page(Visitor visitor) {
        Page page = visitor.blank();
        page.navigate(node.http("/healthz").toString());
        return page;
    }

    private static Map<?, ?> run(Page page, String body, Object argument) {
        return (Map<?, ?>) page.evaluate("""
                async (argument) => {
                  const { connect } = await import('/client/hubbub.js');
                  const until = (holds) => new Promise((done) => {
                    const look = () => (holds() ? done() : setTimeout(look, 5));
                    look();
                  });
                  const failure = (promise) => promise.then(() => 'none', ({ code }) => code);
                """ + body + "}", argument);
    }

    @Test
    void aTokenLetsInAndGrantsWhatItSaysAndNoMore() {
        Page page = page(BROWSERS.visitor());
        Map<?, ?> seen = run(page, """
                const client = connect('/ws', { token: argument });
                const room = await client.join('chat:a');
                const got = [];
                room.on('message', ({ payload }) => got.push(payload));
                await room.publish('hi');
                await until(() => got.length === 1);
                const denied = await failure(client.join('other:a'));
                const user = client.user;
                client.close();
                return { got, denied, user };
                """, token("ana", 60, "join", "publish", "presence"));
        assertThat(seen).isEqualTo(Map.of("got", List.of("hi"), "denied", "PERMISSION_DENIED", "user", "ana"));
    }

    @Test
    void aTokenThatExpiresIsRenewedAndNothingIsMissed() {
        Page page = page(BROWSERS.visitor());
        List<String> tokens = List.of(token("ben", 3, "join", "publish"), token("ben", 600, "join", "publish"));
        Map<?, ?> seen = run(page, """
                let asked = 0;
                const client = connect('/ws', { token: async () => argument[Math.min(asked++, 1)] });
                const room = await client.join('chat:b');
                const seqs = [];
                room.on('message', ({ seq }) => seqs.push(seq));
                const end = Date.now() + 6_000;
                let sent = 0;
                while (Date.now() < end) {
                  await room.publish(++sent);
                  await new Promise((done) => setTimeout(done, 150)); // as fast as a user may
                }
                await until(() => seqs.length === sent);
                client.close();
                return { inOrder: seqs.every((seq, i) => seq === i + 1), asked };
                """, tokens);
        assertThat(seen).isEqualTo(Map.of("inOrder", true, "asked", 2));
    }

    /** A herd sees from its tickets when to come back, and does not take WebSockets for blocked. */
    @Test
    void allOfAHerdComeInOverWebSocketsAsFastAsTheNodeLetsThem() {
        String[] narrow = {"-Dhubbub.limits.node-handshakes-per-second=4", "-Dhubbub.limits.node-handshakes-burst=8"};
        try (Node busy = launch(narrow)) {
            Page page = BROWSERS.visitor()
                    .expecting("503|WebSocket connection to .* failed")
                    .blank();
            page.navigate(busy.http("/healthz").toString());
            Map<?, ?> seen = run(page, """
                    const states = [];
                    const clients = Array.from({ length: 20 }, () => connect('/ws', { token: argument }));
                    clients.forEach((client) => client.on('state', (state) => states.push(state)));
                    await until(() => clients.every(({ state }) => state === 'open'));
                    const ways = [...new Set(clients.map(({ transport }) => transport))];
                    const told = states.some(({ reason, retryInMs }) => /too many/.test(reason) && retryInMs >= 1_000);
                    clients.forEach((client) => client.close());
                    return { ways, told };
                    """, token("ana", 600, "join"));
            assertThat(seen).isEqualTo(Map.of("ways", List.of("ws"), "told", true));
        }
    }

    @Test
    void aTokenThatIsNoGoodEndsTheClientAndSaysWhy() {
        Page page = page(BROWSERS.visitor().expecting("401"));
        Map<?, ?> seen = run(page, """
                const client = connect('/ws', { token: argument });
                const code = await new Promise((done) => client.on('state', ({ state, code }) => state === 'closed' && done(code)));
                return { code };
                """, token("ana", -60, "join"));
        assertThat(seen.get("code")).isEqualTo(4001);
    }
}
