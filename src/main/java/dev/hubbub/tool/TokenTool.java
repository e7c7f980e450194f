package dev.hubbub.tool;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.hubbub.config.Access;
import dev.hubbub.config.Settings;
import dev.hubbub.token.Tokens;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Prints a signed token, and none that a server of the same settings would refuse. */
record TokenTool(Surroundings around) {
    static final String USAGE = """
            usage: hubbub token --user <id> [option …] [-Dname=value …]
              --room '<pattern>=<action>[,<action>…]'   what it grants: join, publish, presence, history, kick; may be given again
              --name <name>          what others are shown
              --ttl 1h               how long it is good: 90s, 15m, 1h, 7d
              --issuer <iss>         else hubbub.auth.jwt.issuer
              --audience <aud>       else the first of hubbub.auth.jwt.audience; may be given again
              --secret-file <file>   signs with the secret in it, else with hubbub.auth.jwt.secret
              --key-file <file>      signs with the private key in it (PEM, PKCS #8: RSA, EC or Ed25519)
              --alg <algorithm>      HS256, HS384, HS512, RS256 … PS512, ES256, ES384, ES512, EdDSA; else what suits the key
              --kid <id>             what the key is called in a JSON Web Key Set
            """;

    private static final Set<String> ONCE =
            Set.of("user", "name", "ttl", "issuer", "secret-file", "key-file", "alg", "kid");
    private static final Set<String> OFTEN = Set.of("room", "audience");
    private static final Duration USUAL = Duration.ofHours(1);

    String run(List<String> words) {
        Options options = Options.parse(words, ONCE, OFTEN);
        options.needed("user");
        Settings settings = around.settings().get();
        Access.Jwt jwt = settings.access.jwt();
        JWTClaimsSet claims = claims(options, jwt);
        @Nullable String objection = Tokens.objection(settings, claims, around.clock());
        if (objection != null) {
            throw Failure.usage("the server would refuse it: " + objection);
        }
        Signing signing = Signing.of(options, jwt, around);
        if (!jwt.algorithms().contains(signing.algorithm().getName())) {
            throw Failure.usage(
                    "the server would refuse it: " + signing.algorithm() + " is not among hubbub.auth.jwt.algorithms");
        }
        JWSHeader.Builder header = new JWSHeader.Builder(signing.algorithm()).type(JOSEObjectType.JWT);
        options.one("kid").ifPresent(header::keyID);
        try {
            SignedJWT token = new SignedJWT(header.build(), claims);
            token.sign(signing.signer());
            return token.serialize() + System.lineSeparator();
        } catch (JOSEException e) {
            throw Failure.usage("the key cannot sign: " + e.getMessage());
        }
    }

    private JWTClaimsSet claims(Options options, Access.Jwt jwt) {
        Instant now = around.clock().instant().truncatedTo(ChronoUnit.SECONDS);
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(timeToLive(options, jwt))));
        String issuer = options.one("issuer").orElse(jwt.issuer());
        if (!issuer.isEmpty()) {
            claims.issuer(issuer);
        }
        List<String> audiences = options.all("audience");
        if (audiences.isEmpty()) {
            audiences = jwt.audiences().stream().limit(1).toList();
        }
        if (!audiences.isEmpty()) {
            claims.audience(audiences);
        }
        claims.claim(jwt.userClaim(), options.needed("user"));
        options.one("name").ifPresent(name -> claims.claim(jwt.nameClaim(), name));
        Map<String, List<String>> rooms = rooms(options.all("room"));
        if (!rooms.isEmpty()) {
            claims.claim(jwt.roomsClaim(), rooms);
        }
        return claims.build();
    }

    private static Duration timeToLive(Options options, Access.Jwt jwt) {
        Duration most = Duration.ofMillis(jwt.maxAgeMs());
        Duration wanted = options.one("ttl")
                .map(text -> Span.parse("ttl", text))
                .orElse(USUAL.compareTo(most) < 0 ? USUAL : most);
        if (wanted.compareTo(most) > 0) {
            throw Failure.usage("--ttl must be at most hubbub.auth.jwt.max-age, which is " + Span.text(most));
        }
        return wanted;
    }

    private static Map<String, List<String>> rooms(List<String> options) {
        Map<String, List<String>> rooms = new LinkedHashMap<>();
        for (String option : options) {
            int equals = option.indexOf('=');
            if (equals < 1 || equals == option.length() - 1) {
                throw Failure.usage(
                        "--room must be a pattern and what may be done there, such as 'chat:*=join,publish'");
            }
            List<String> actions = Arrays.stream(option.substring(equals + 1).split(",", -1))
                    .map(String::trim)
                    .toList();
            if (rooms.put(option.substring(0, equals), actions) != null) {
                throw Failure.usage("--room names " + option.substring(0, equals) + " twice");
            }
        }
        return rooms;
    }
}
