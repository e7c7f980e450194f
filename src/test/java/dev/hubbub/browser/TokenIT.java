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
        int port = Ports.free();
        node = Node.launchOn(
                        port,
                        "-Dhubbub.auth.jwt.secret=" + SECRET,
                        "-Dhubbub.auth.expiry-grace=PT1S",
                        "-Dhubbub.auth.jwt.skew=PT0S",
                        "-Dhubbub.origins=http://127.0.0.1:" + port)
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
