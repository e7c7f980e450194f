package dev.hubbub.tool;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a private key in PEM (RFC 7468, section 10). */
final class PrivateKeys {
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private PrivateKeys() {}

    static PrivateKey parse(String text, Path file) {
        Matcher pem = PEM.matcher(text);
        if (pem.find()) {
            byte[] der = Base64.getMimeDecoder().decode(pem.group(1));
            for (String kind : List.of("RSA", "EC", "Ed25519")) {
                try {
                    return KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(der));
                } catch (GeneralSecurityException e) {
                    // of another kind, or of none: told below
                }
            }
        }
        throw Failure.usage(
                "--key-file " + file + " must be an RSA, EC or Ed25519 key with BEGIN PRIVATE KEY (PKCS #8);"
                        + " openssl pkcs8 -topk8 -nodes makes one of others");
    }
}
