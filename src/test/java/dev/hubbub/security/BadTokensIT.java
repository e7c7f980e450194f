package dev.hubbub.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import dev.hubbub.support.Node;
import dev.hubbub.support.RawWebSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tokens that are none, or somebody else's: refused the same way wherever a token may be brought. */
class BadTokensIT {
    private static final String ISSUER = "https://id.example.com";
    private static final Map<String, String> BAD = new LinkedHashMap<>();
    private static RSAKey rsa;
    private static ECKey ec;
    private static Node node;

    @BeforeAll
    static void start() throws Exception {
        rsa = new RSAKeyGenerator(2048).keyID("one").generate();
        ec = new ECKeyGenerator(Curve.P_256).keyID("two").generate();
        String keys = new JWKSet(List.of(rsa.toPublicJWK(), ec.toPublicJWK())).toString();
        List<String> options = new ArrayList<>(List.of(Way.OPEN));
        options.add("-Dhubbub.auth.jwt.jwks-file=" + Sites.file(keys));
        options.add("-Dhubbub.auth.jwt.issuer=" + ISSUER);
        options.add("-Dhubbub.auth.jwt.audience=chat,board");
        options.add("-Dhubbub.auth.jwt.skew=PT5S");
        node = Sites.withoutSecret(options.toArray(String[]::new));
        makeBad();
    }

    private static void makeBad() throws Exception {
        Consumer<JWTClaimsSet.Builder> nothing = claims -> {};
        BAD.put("none", new PlainJWT(claims("ann").build()).serialize());
        String good = good("ann", nothing);
        String[] parts = good.split("\\.");
        BAD.put("none with a signature", encoded("{\"alg\":\"none\"}") + "." + parts[1] + "." + parts[2]);
        BAD.put("none in capitals", encoded("{\"alg\":\"NONE\"}") + "." + parts[1] + ".");
        BAD.put("no signature", parts[0] + "." + parts[1] + ".");
        BAD.put("another's payload", parts[0] + "." + good("eve", nothing).split("\\.")[1] + "." + parts[2]);
        BAD.put("another header", encoded("{\"alg\":\"RS512\",\"kid\":\"one\"}") + "." + parts[1] + "." + parts[2]);
        for (Map.Entry<String, byte[]> confused : Map.of(
                        "PEM", pem(rsa.toPublicKey().getEncoded()).getBytes(StandardCharsets.US_ASCII),
                        "DER", rsa.toPublicKey().getEncoded(),
                        "modulus", rsa.getModulus().decode())
                .entrySet()) {
            JWSSigner secret = new com.nimbusds.jose.crypto.MACSigner(confused.getValue());
            BAD.put("public key as secret, " + confused.getKey(), sign(JWSAlgorithm.HS256, "one", secret, nothing));
        }
        JWSSigner stranger = new RSASSASigner(new RSAKeyGenerator(2048).generate());
        BAD.put("a key of nobody", sign(JWSAlgorithm.RS256, "one", stranger, nothing));
        BAD.put("a kid of nobody", sign(JWSAlgorithm.RS256, "three", new RSASSASigner(rsa), nothing));
        BAD.put("a kid of another kind", sign(JWSAlgorithm.ES256, "one", new ECDSASigner(ec), nothing));
        BAD.put("expired", good("ann", c -> c.issueTime(Issuer.in(-3600)).expirationTime(Issuer.in(-6))));
        BAD.put("older than any may be", good("ann", c -> c.issueTime(Issuer.in(-31L * 86_400))));
        BAD.put("without a time", good("ann", c -> c.issueTime(null).expirationTime(null)));
        BAD.put("not yet", good("ann", c -> c.notBeforeTime(Issuer.in(60))));
        BAD.put("issued later", good("ann", c -> c.issueTime(Issuer.in(60))));
        BAD.put("another audience", good("ann", c -> c.audience("shop")));
        BAD.put("no audience", good("ann", c -> c.audience((String) null)));
        BAD.put("another issuer", good("ann", c -> c.issuer(ISSUER + "/")));
        BAD.put("no issuer", good("ann", c -> c.issuer(null)));
        BAD.put("no user", good(null, nothing));
        BAD.put("the backend", good("backend", nothing));
        BAD.put("an anonymous user", good("anon-AAAAAAAAAAAA", nothing));
        BAD.put("a user of two lines", good("ann\nbob", nothing));
        BAD.put("rooms that are none", good("ann", c -> c.claim("rooms", List.of("*"))));
        BAD.put("an action that is none", good("ann", c -> c.claim("rooms", Map.of("*", List.of("all")))));
        BAD.put("nothing", "");
        BAD.put("no token", "a.b.c");
        BAD.put("a key", "hbk_abcd_efgh");
        BAD.put("too long", good + "A".repeat(3_000));
    }

    private static String encoded(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String pem(byte[] der) {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END PUBLIC KEY-----\n";
    }

    private static JWTClaimsSet.Builder claims(String user) {
        return new JWTClaimsSet.Builder()
                .subject(user)
                .issuer(ISSUER)
                .audience("chat")
                .issueTime(Issuer.in(0))
                .expirationTime(Issuer.in(3600));
    }

    private static String sign(
            JWSAlgorithm algorithm, String kid, JWSSigner signer, Consumer<JWTClaimsSet.Builder> more) {
        return Issuer.sign(
                algorithm,
                kid,
                signer,
                "ann",
                more.andThen(c -> c.issuer(ISSUER).audience("chat")));
    }

    private static String good(String user, Consumer<JWTClaimsSet.Builder> more) {
        try {
            Consumer<JWTClaimsSet.Builder> ours = c -> c.issuer(ISSUER).audience("chat");
            return Issuer.sign(JWSAlgorithm.RS256, "one", new RSASSASigner(rsa), user, ours.andThen(more));
        } catch (com.nimbusds.jose.JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterAll
    static void stop() {
        Sites.stop(node);
    }

    static List<String> bad() {
        return List.copyOf(BAD.keySet());
    }

    @ParameterizedTest
    @MethodSource("bad")
    void isA401ProblemBeforeTheUpgradeAndOnEveryOtherWay(String what) {
        for (Way way : Way.values()) {
            Way.Answer answer = way.knock(node, "", Issuer.bearer(BAD.get(what)));
            assertThat(answer.status()).as("%s %s", way, answer).isEqualTo(401);
            assertThat(answer.code()).isEqualTo("UNAUTHENTICATED");
        }
    }

    @ParameterizedTest
    @MethodSource("bad")
    void endsALoginByMessageWith4001(String what) {
        try (RawWebSocket socket = RawWebSocket.handshake(node, "/ws?auth=message")) {
            String data = "{\"token\":\"" + BAD.get(what).replace("\n", "") + "\"}";
            assertThat(socket.fails("auth.login", data).get("code").asText()).isEqualTo("UNAUTHENTICATED");
            assertThat(socket.end().code()).isEqualTo(4001);
        }
    }

    @Test
    void isNoRefreshAndTheSessionGoesOn() {
        try (RawWebSocket socket = RawWebSocket.open(node, "/ws", Issuer.bearer(good("ann", c -> {})))) {
            for (String what : bad()) {
                // a message without a token is malformed, which is another refusal
                String code = what.equals("nothing") ? "INVALID_ARGUMENT" : "UNAUTHENTICATED";
                JsonNode error = socket.fails("auth.refresh", "{\"token\":\"" + BAD.get(what) + "\"}");
                assertThat(error.get("code").asText()).as(what).isEqualTo(code);
            }
            socket.join(Way.ROOM);
        }
    }

    @Test
    void anotherUsersTokenIsNoRefreshAndTheSessionStaysItsOwn() {
        try (RawWebSocket socket = RawWebSocket.open(node, "/ws", Issuer.bearer(good("ann", c -> {})))) {
            String other = "{\"token\":\"" + good("eve", c -> {}) + "\"}";
            assertThat(socket.fails("auth.refresh", other).get("code").asText()).isEqualTo("PERMISSION_DENIED");
            socket.join(Way.ROOM);
            socket.publish(Way.ROOM, "1");
            assertThat(socket.message(Way.ROOM).at("/from/user").asText()).isEqualTo("ann");
        }
    }

    @Test
    void aGoodTokenOfEitherKeyLetsIn() throws Exception {
        String byCurve = sign(JWSAlgorithm.ES256, "two", new ECDSASigner(ec), c -> {});
        for (Way way : Way.values()) {
            assertThat(way.knock(node, "", Issuer.bearer(good("ann", c -> {}))).in())
                    .isTrue();
            assertThat(way.knock(node, "", Issuer.bearer(byCurve)).in()).isTrue();
        }
    }
}
