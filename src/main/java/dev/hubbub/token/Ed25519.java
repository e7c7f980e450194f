package dev.hubbub.token;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.impl.EdDSAProvider;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;

/**
 * Verifies EdDSA signatures (RFC 8037) with the JDK, which has them since version 15: the library's own verifier wants
 * another library for them.
 */
final class Ed25519 extends EdDSAProvider implements JWSVerifier {
    private static final int KEY_BYTES = 32;

    private final PublicKey key;

    Ed25519(OctetKeyPair pair) throws GeneralSecurityException {
        this(publicKey(pair.getDecodedX()));
    }

    Ed25519(PublicKey key) {
        this.key = key;
    }

    /** A point's y with the sign of x in its highest bit, the lowest byte first (RFC 8032, section 5.1.2). */
    private static PublicKey publicKey(byte[] encoded) throws GeneralSecurityException {
        if (encoded.length != KEY_BYTES) {
            throw new GeneralSecurityException("an Ed25519 key has 32 bytes");
        }
        byte[] y = new byte[KEY_BYTES];
        for (int i = 0; i < KEY_BYTES; i++) {
            y[i] = encoded[KEY_BYTES - 1 - i];
        }
        boolean odd = (y[0] & 0x80) != 0;
        y[0] &= 0x7f;
        EdECPoint point = new EdECPoint(odd, new BigInteger(1, y));
        return KeyFactory.getInstance("Ed25519")
                .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point));
    }

    @Override
    public boolean verify(JWSHeader header, byte[] signed, Base64URL signature) {
        if (header.getCriticalParams() != null && !header.getCriticalParams().isEmpty()) {
            return false; // nothing critical is understood (RFC 7515, section 4.1.11)
        }
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key);
            verifier.update(signed);
            return verifier.verify(signature.decode());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
