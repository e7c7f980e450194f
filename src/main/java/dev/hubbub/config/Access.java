package dev.hubbub.config;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Who gets in.
 *
 * @param expiryGraceMs between the expiry of a session's token and its end
 * @param forwardedHeader the one header in which trusted proxies tell the client's address
 * @param sanctionsFile empty where there is none, or a Redis
 * @param origins as configured, without default ports; empty where none is allowed
 */
public record Access(
        boolean dev,
        boolean anonymous,
        String anonymousSecret,
        long loginWithinMs,
        String node,
        String cookie,
        long expiryGraceMs,
        List<String> origins,
        List<String> trustedProxies,
        String forwardedHeader,
        String apiKeysFile,
        String sanctionsFile,
        Jwt jwt,
        Authorizers authorizers) {
    /** The header of RFC 7239. */
    public static final String FORWARDED = "Forwarded";

    private static final Pattern NODE_NAME = Pattern.compile("[A-Za-z0-9_.-]{0,64}");
    private static final Pattern SECRET = Pattern.compile("|.{32,}");
    /** RFC 6265, section 4.1.1: a token. */
    private static final Pattern COOKIE = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{0,128}");

    private static final Pattern ORIGIN =
            Pattern.compile("(https?)://((?:\\*\\.)?[A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?");
    private static final Pattern NETWORK = Pattern.compile("[0-9A-Fa-f:.]+(/[0-9]{1,3})?");
    private static final Pattern CLAIM = Pattern.compile("[A-Za-z0-9_.:/-]{1,64}");
    private static final Pattern JWKS =
            Pattern.compile("|https://\\S+|http://(localhost|127\\.0\\.0\\.1|\\[::1])(:[0-9]{1,5})?(/\\S*)?");
    private static final String ANY = "*";

    /** How tokens are verified; {@code algorithms} by their names in RFC 7518 and RFC 8037. */
    public record Jwt(
            String secret,
            String publicKeyFile,
            String jwksFile,
            String jwksUrl,
            long jwksRefreshMs,
            long jwksOutageMs,
            List<String> algorithms,
            String issuer,
            List<String> audiences,
            long skewMs,
            long maxAgeMs,
            String userClaim,
            String nameClaim,
            String roomsClaim) {
        /** How long any token may be taken, whatever the clocks say. */
        public long longestLifeMs() {
            return maxAgeMs + 2 * skewMs;
        }

        /** Whether any token can be verified. */
        public boolean isUsed() {
            return !(secret.isEmpty() && publicKeyFile.isEmpty() && jwksFile.isEmpty() && jwksUrl.isEmpty());
        }
    }

    /** How a team's own code is asked. */
    public record Authorizers(long timeoutMs, int threads, boolean required) {}

    static Access of(Source source) {
        boolean dev = source.flag(Keys.DEV);
        return new Access(
                dev,
                source.flag(Keys.ANONYMOUS) || dev,
                source.matching(Keys.ANONYMOUS_SECRET, SECRET),
                source.millis(Keys.LOGIN),
                source.matching(Keys.NODE, NODE_NAME),
                source.matching(AccessKeys.COOKIE, COOKIE),
                source.millis(AccessKeys.EXPIRY_GRACE),
                source.list(AccessKeys.ORIGINS, origin -> isOrigin(origin, dev)).stream()
                        .map(Access::withoutDefaultPort)
                        .toList(),
                source.list(AccessKeys.TRUSTED_PROXIES, NETWORK.asMatchPredicate()),
                source.matching(AccessKeys.FORWARDED_HEADER, Pattern.compile("X-Forwarded-For|" + FORWARDED)),
                source.file(AccessKeys.API_KEYS),
                source.ownFile(AccessKeys.SANCTIONS_FILE),
                jwt(source),
                new Authorizers(
                        source.millis(AccessKeys.AUTHORIZER_TIMEOUT),
                        source.number(AccessKeys.AUTHORIZER_THREADS),
                        source.flag(AccessKeys.AUTHORIZER_REQUIRED)));
    }

    private static Jwt jwt(Source source) {
        List<String> known = List.of(AccessKeys.ALGORITHMS.byDefault().split(","));
        List<String> algorithms = source.list(AccessKeys.ALGORITHMS, known::contains);
        if (algorithms.isEmpty()) {
            throw Source.wrong(AccessKeys.ALGORITHMS, "");
        }
        return new Jwt(
                source.matching(AccessKeys.JWT_SECRET, SECRET),
                source.file(AccessKeys.JWT_KEY_FILE),
                source.file(AccessKeys.JWKS_FILE),
                source.matching(AccessKeys.JWKS_URL, JWKS),
                source.millis(AccessKeys.JWKS_REFRESH),
                source.millis(AccessKeys.JWKS_OUTAGE),
                algorithms,
                source.matching(AccessKeys.ISSUER, Pattern.compile(".{0,500}")),
                source.list(AccessKeys.AUDIENCE, name -> !name.isEmpty()),
                source.millis(AccessKeys.SKEW),
                source.millis(AccessKeys.MAX_AGE),
                source.matching(AccessKeys.USER_CLAIM, CLAIM),
                source.matching(AccessKeys.NAME_CLAIM, CLAIM),
                source.matching(AccessKeys.ROOMS_CLAIM, CLAIM));
    }

    /** Any origin is for development mode alone. */
    private static boolean isOrigin(String text, boolean dev) {
        return text.equals(ANY) ? dev : ORIGIN.matcher(text).matches();
    }

    /** Browsers leave it out (RFC 6454, section 6.2). */
    private static String withoutDefaultPort(String origin) {
        String lower = origin.toLowerCase(Locale.ROOT);
        String port = lower.startsWith("https:") ? ":443" : ":80";
        return lower.endsWith(port) ? lower.substring(0, lower.length() - port.length()) : lower;
    }
}
