package dev.hubbub.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.SignedJWT;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Verifies a signature with a key: each kind of key is good for its own algorithms alone, whatever a token says. */
final class Verifiers {
    private static final Logger LOG = LoggerFactory.getLogger(Verifiers.class);

    private Verifiers() {}

    static boolean verify(SignedJWT token, JWK key) {
        JWSHeader header = token.getHeader();
        try {
            JWSVerifier verifier = verifier(key);
            return verifier != null
                    && verifier.supportedJWSAlgorithms().contains(header.getAlgorithm())
                    && token.verify(verifier);
        } catch (JOSEException | GeneralSecurityException | IllegalStateException e) {
            LOG.debug("key {} cannot verify", key.getKeyID(), e);
            return false;
        }
    }

    private static @Nullable JWSVerifier verifier(JWK key) throws JOSEException, GeneralSecurityException {
        if (key instanceof RSAKey rsa) {
            return new RSASSAVerifier(rsa.toRSAPublicKey());
        } else if (key instanceof ECKey ec) {
            return new ECDSAVerifier(ec.toECPublicKey());
        } else if (key instanceof OctetKeyPair pair && pair.getCurve().getName().equals("Ed25519")) {
            return new Ed25519(pair);
        } else if (key instanceof OctetSequenceKey secret) {
            return new MACVerifier(secret.toByteArray());
        }
        return null;
    }
}
