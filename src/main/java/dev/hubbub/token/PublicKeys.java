package dev.hubbub.token;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a public key in PEM (RFC 7468, section 13). */
final class PublicKeys {
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s]+)-----END PUBLIC KEY-----");
    private static final int ED25519_BYTES = 32;

    private PublicKeys() {}

    /** @throws IllegalArgumentException where it is none */
    static JWK parse(String text) {
        Matcher pem = PEM.matcher(text);
        if (!pem.find()) {
            throw new IllegalArgumentException("a PEM file with BEGIN PUBLIC KEY is wanted");
        }
        byte[] der = Base64.getMimeDecoder().decode(pem.group(1));
        for (String kind : List.of("RSA", "EC", "Ed25519")) {
            try {
                return jwk(KeyFactory.getInstance(kind).generatePublic(new X509EncodedKeySpec(der)), der);
            } catch (GeneralSecurityException e) {
                // of another kind, or of none: told below
            }
        }
        throw new IllegalArgumentException("the key is neither RSA nor EC nor Ed25519");
    }

    private static JWK jwk(PublicKey key, byte[] der) {
        if (key instanceof RSAPublicKey rsa) {
            return new RSAKey.Builder(rsa).build();
        } else if (key instanceof ECPublicKey ec) {
            return new ECKey.Builder(Curve.forECParameterSpec(ec.getParams()), ec).build();
        }
        byte[] x = Arrays.copyOfRange(der, der.length - ED25519_BYTES, der.length); // behind its name (RFC 8410)
        return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(x)).build();
    }
}
