package dev.hubbub.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import dev.hubbub.config.Settings;
import dev.hubbub.session.Admission;
import dev.hubbub.session.Identity;
import dev.hubbub.support.FakeClock;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Makes tokens of any claims, also of such as no issuer should make. */
final class Issuer {
    static final String SECRET = "a secret of more than thirty-two characters";
    static final RSAKey RSA = rsa("rsa-1");
    static final ECKey EC = ec(Curve.P_256, "ec-1");

    private Issuer() {}

    static RSAKey rsa(String kid) {
        try {
            return new RSAKeyGenerator(2048).keyID(kid).generate();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    static ECKey ec(Curve curve, String kid) {
        try {
            return new ECKeyGenerator(curve).keyID(kid).generate();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    /** Claims as JSON, which are read as they stand: {@code exp} an hour from now, and more, or others instead. */
    static String claims(FakeClock clock, String more) {
        return "{\"sub\":\"ana\",\"exp\":" + (clock.millis() / 1000 + 3600) + (more.isEmpty() ? "" : "," + more) + "}";
    }

    static String sign(JWSAlgorithm algorithm, JWK key, String claims) {
        return sign(new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).build(), key, claims);
    }

    static String sign(JWSHeader header, JWK key, String claims) {
        try {
            JWSObject token = new JWSObject(header, new Payload(claims));
            token.sign(signer(key));
            return token.serialize();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    static String signed(String claims) {
        return sign(JWSAlgorithm.HS256, secret(SECRET), claims);
    }

    static JWK secret(String text) {
        return new OctetSequenceKey.Builder(text.getBytes(StandardCharsets.UTF_8)).build();
    }

    private static JWSSigner signer(JWK key) throws JOSEException {
        if (key instanceof RSAKey rsa) {
            return new RSASSASigner(rsa);
        } else if (key instanceof ECKey ec) {
            return new ECDSASigner(ec);
        }
        return new MACSigner((OctetSequenceKey) key);
    }

    /** A token of such a header, whose signature is what it is. */
    static String raw(String header, String claims, String signature) {
        return Base64URL.encode(header) + "." + Base64URL.encode(claims) + "." + signature;
    }

    static Tokens tokens(FakeClock clock, String... settings) {
        return new Tokens(settings(settings), clock);
    }

    /** Pairs of a key without {@code hubbub.} and its value. */
    static Settings settings(String... pairs) {
        Map<String, String> all = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            all.put("hubbub." + pairs[i], pairs[i + 1]);
        }
        return Settings.of(all);
    }

    static Admission verify(Tokens tokens, String token) {
        return tokens.verify(token).toCompletableFuture().join();
    }

    static Identity identity(Admission admission) {
        if (admission instanceof Admission.Admitted admitted) {
            return admitted.identity();
        }
        throw new AssertionError(problem(admission));
    }

    /** The code and message of a refusal. */
    static String problem(Admission admission) {
        return admission instanceof Admission.Refused refused
                ? refused.refusal().code() + " " + refused.refusal().message()
                : "let in";
    }
}
