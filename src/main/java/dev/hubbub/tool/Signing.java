package dev.hubbub.tool;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import dev.hubbub.config.Access;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.util.Set;
import java.util.stream.Collectors;

/** How a token is signed. */
record Signing(JWSSigner signer, JWSAlgorithm algorithm) {
    private static final String SECRET = "hubbub.auth.jwt.secret";
    private static final int LEAST_CHARACTERS = 32;

    static Signing of(Options options, Access.Jwt jwt, Surroundings around) {
        boolean secret = options.one("secret-file").isPresent();
        boolean key = options.one("key-file").isPresent();
        if (secret && key) {
            throw Failure.usage("--secret-file and --key-file are one too many");
        }
        try {
            if (key) {
                Path file = around.file(options.needed("key-file"));
                return of(PrivateKeys.parse(text(file, "--key-file"), file), options);
            }
            String text = secret
                    ? text(around.file(options.needed("secret-file")), "--secret-file")
                            .strip()
                    : jwt.secret();
            return of(text, secret ? "--secret-file" : SECRET, options);
        } catch (JOSEException | IllegalArgumentException e) {
            throw Failure.usage("the key cannot sign: " + e.getMessage());
        }
    }

    private static Signing of(String secret, String where, Options options) throws JOSEException {
        if (secret.isEmpty() && where.equals(SECRET)) {
            throw Failure.configuration("there is no " + SECRET
                    + " to sign with: set it as for the server, or give --secret-file or --key-file");
        }
        if (secret.length() < LEAST_CHARACTERS) {
            throw Failure.usage(where + " must hold at least " + LEAST_CHARACTERS + " characters");
        }
        return of(new MACSigner(secret.getBytes(StandardCharsets.UTF_8)), options, JWSAlgorithm.HS256);
    }

    private static Signing of(PrivateKey key, Options options) throws JOSEException {
        if (key instanceof ECPrivateKey ec) {
            ECDSASigner signer = new ECDSASigner(ec);
            return of(signer, options, signer.supportedECDSAAlgorithm());
        }
        return key.getAlgorithm().equals("RSA")
                ? of(new RSASSASigner(key), options, JWSAlgorithm.RS256)
                : of(new Ed25519Signer(key), options, JWSAlgorithm.EdDSA);
    }

    private static Signing of(JWSSigner signer, Options options, JWSAlgorithm byDefault) {
        JWSAlgorithm algorithm = options.one("alg").map(JWSAlgorithm::parse).orElse(byDefault);
        Set<JWSAlgorithm> fits = signer.supportedJWSAlgorithms();
        if (!fits.contains(algorithm)) {
            throw Failure.usage("--alg must suit the key: "
                    + fits.stream().map(JWSAlgorithm::getName).sorted().collect(Collectors.joining(", ")));
        }
        return new Signing(signer, algorithm);
    }

    private static String text(Path file, String option) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw Failure.usage(option + " " + file + " cannot be read");
        }
    }
}
