package dev.hubbub.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Signs the tokens of these tests. Each is remembered, for it must be in no log. */
final class Issuer {
    static final String SECRET = "known-to-the-issuer-and-to-the-node-alone";
    static final String[] ALL = {"join", "publish", "presence", "history"};

    private Issuer() {}

    /** A user's token of an hour that grants actions in rooms; a name or what names begin with, then the actions. */
    static String token(String user, String room, String... actions) {
        return token(user, claims -> claims.claim("rooms", Map.of(room, List.of(actions))));
    }

    /** A user's token of an hour that grants nothing. */
    static String token(String user) {
        return token(user, claims -> {});
    }

    /** @param more sets further claims, or others */
    static String token(String user, Consumer<JWTClaimsSet.Builder> more) {
        return sign(JWSAlgorithm.HS256, null, secret(SECRET), user, more);
    }

    static JWSSigner secret(String secret) {
        try {
            return new MACSigner(secret);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    static String sign(
            JWSAlgorithm algorithm, String kid, JWSSigner signer, String user, Consumer<JWTClaimsSet.Builder> more) {
        JWTClaimsSet.Builder claims =
                new JWTClaimsSet.Builder().subject(user).issueTime(in(0)).expirationTime(in(3600));
        more.accept(claims);
        SignedJWT token =
                new SignedJWT(new JWSHeader.Builder(algorithm).keyID(kid).build(), claims.build());
        try {
            token.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return Sites.secret(token.serialize());
    }

    /** So many seconds from now. */
    static Date in(long seconds) {
        return Date.from(Instant.now().plusSeconds(seconds));
    }

    static String bearer(String token) {
        return "Authorization: Bearer " + token;
    }
}
