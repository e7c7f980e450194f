package dev.hubbub.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.hubbub.support.Api;
import dev.hubbub.support.Node;
import dev.hubbub.support.Ports;
import dev.hubbub.support.RawWebSocket;
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

    /** So many a second, and of what may come at once it keeps twenty for those who have a ticket. */
    private static Node narrow(int perSecond) {
        return launch(
                "-Dhubbub.limits.node-handshakes-per-second=" + perSecond,
                "-Dhubbub.limits.node-handshakes-burst=80",
                "-Dhubbub.limits.connections-per-user=1000",
                "-Dhubbub.limits.messages-per-second=1000");
    }

    /** A page that has loaded just before as many come as are let in at once, and so many more who have tickets. */
    private static Page pageInAHerd(Node node, int withTickets) {
        Page page = BROWSERS.visitor().expecting("503.*tickets").blank();
        page.navigate(node.http("/healthz").toString());
        page.evaluate("() => import('/client/hubbub.js').then(() => import('/client/sse.js')).then(() => 'loaded')");
        String token = token("bob", 600, "join");
        List<String> tickets =
                Stream.generate(() -> ticket(node, token)).limit(withTickets).toList();
        String herd = "Authorization: Bearer " + token;
        int status;
        do {
            status = knock(node, "/ws", herd);
        } while (status == 101);
        assertThat(status).isEqualTo(503);
        assertThat(tickets)
                .allSatisfy(ticket ->
                        assertThat(knock(node, "/ws?ticket=" + ticket)).isEqualTo(101));
        return page;
    }

    private static String ticket(Node node, String token) {
        return Api.post(node, "/api/v1/tickets", "", "Authorization", "Bearer " + token)
                .body()
                .get("ticket")
                .asText();
    }

    private static int knock(Node node, String path, String... headers) {
        try (RawWebSocket one = RawWebSocket.handshake(node, path, headers)) {
            return one.status();
        }
    }

    /** They see from their tickets when to come back, and do not take WebSockets for blocked. */
    @Test
    void allOfAHerdComeInOverWebSocketsAsFastAsTheNodeLetsThem() {
        try (Node narrow = narrow(4)) {
            // with that many the page has four seconds to come, and finds no place yet
            Map<?, ?> seen = run(pageInAHerd(narrow, 15), """
                    const states = [];
                    const clients = Array.from({ length: 20 }, () => connect('/ws', { token: argument }));
                    clients.forEach((client) => client.on('state', (state) => states.push(state)));
                    await until(() => clients.every(({ state }) => state === 'open'));
                    const ways = [...new Set(clients.map(({ transport }) => transport))];
                    const told = states.filter(({ reason, retryInMs }) => /to this node at once/.test(reason) && retryInMs >= 1_000);
                    clients.forEach((client) => client.close());
                    return { ways, waited: told.length > 0, others: states.filter(({ state }) => state === 'waiting').length - told.length };
                    """, token("ana", 600, "join"));
            assertThat(seen).isEqualTo(Map.of("ways", List.of("ws"), "waited", true, "others", 0));
        }
    }

    /** One more room needs a new stream, for which there is no place yet. */
    @Test
    void aStreamThatIsToldToWaitKeepsWhatItHas() {
        try (Node narrow = narrow(1)) {
            Map<?, ?> seen = run(pageInAHerd(narrow, 0), """
                    let refused = 0;
                    const fetch = async (...request) => {
                      const answer = await globalThis.fetch(...request);
                      if (answer.status === 503) refused++;
                      return answer;
                    };
                    const client = connect('/ws', { token: argument, transport: 'sse', timeoutMs: 60_000, fetch });
                    const room = await client.join('chat:a');
                    const states = [];
                    client.on('state', ({ state }) => states.push(state));
                    refused = 0;
                    let told;
                    const join = (name) => client.join(name).catch((error) => { told = error; });
                    for (let next = 0; !told; next++) await join(`chat:b${next}`); // faster than places come back
                    await new Promise((done) => { room.on('message', done); room.publish('still here'); });
                    const { code, retryAfterMs } = told;
                    await new Promise((done) => setTimeout(done, retryAfterMs));
                    told = undefined;
                    await join('chat:c');
                    const seen = { refused, code, wait: retryAfterMs >= 1_000, joined: !told, states: [...states] };
                    client.close();
                    return seen;
                    """, token("ana", 600, "join", "publish", "presence"));
            assertThat(seen)
                    .isEqualTo(Map.of(
                            "refused", 1, "code", "UNAVAILABLE", "wait", true, "joined", true, "states", List.of()));
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
