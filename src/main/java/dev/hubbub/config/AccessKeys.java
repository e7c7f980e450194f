package dev.hubbub.config;

import java.util.List;

/** The settings of who gets in, and how fast. */
final class AccessKeys {
    private AccessKeys() {}

    private static final String FILE = "empty, or a readable file";
    private static final String CLAIM = "a claim's name: 1 to 64 characters of [A-Za-z0-9_.:/-]";

    static final Key JWT_SECRET = new Key(
            "hubbub.auth.jwt.secret",
            "",
            "empty, or at least 32 characters",
            "verifies tokens that are signed with HS256, HS384 or HS512");
    static final Key JWT_KEY_FILE = new Key(
            "hubbub.auth.jwt.public-key-file",
            "",
            FILE,
            "a public key (RSA, EC or Ed25519) as PEM, which verifies tokens");
    static final Key JWKS_FILE =
            new Key("hubbub.auth.jwt.jwks-file", "", FILE, "a JSON Web Key Set; read again when it changes");
    static final Key JWKS_URL = new Key(
            "hubbub.auth.jwt.jwks-url",
            "",
            "empty, or an https URL, or an http one of this machine",
            "where an identity provider publishes its keys");
    static final Key JWKS_REFRESH = new Key(
            "hubbub.auth.jwt.jwks-refresh",
            "PT5M",
            "PT10S to P1D",
            "how long keys of jwks-url are good without a look");
    static final Key JWKS_OUTAGE = new Key(
            "hubbub.auth.jwt.jwks-outage",
            "PT12H",
            "PT0S to P30D",
            "how much longer they are used while jwks-url does not answer");
    static final Key ALGORITHMS = new Key(
            "hubbub.auth.jwt.algorithms",
            "HS256,HS384,HS512,RS256,RS384,RS512,PS256,PS384,PS512,ES256,ES384,ES512,EdDSA",
            "some of the default, separated by commas",
            "signatures that are accepted, each only with a key of its own kind");
    static final Key ISSUER = new Key(
            "hubbub.auth.jwt.issuer",
            "",
            "empty, or at most 500 characters",
            "what iss must be; not looked at where empty");
    static final Key AUDIENCE = new Key(
            "hubbub.auth.jwt.audience",
            "",
            "empty, or names separated by commas",
            "one of which aud must name; not looked at where empty");
    static final Key SKEW =
            new Key("hubbub.auth.jwt.skew", "PT30S", "PT0S to PT5M", "how far the issuer's clock may be off");
    static final Key MAX_AGE = new Key(
            "hubbub.auth.jwt.max-age",
            "P30D",
            "PT1M to P365D",
            "tokens and anonymous ids issued longer ago are refused, and so long a disconnect is remembered");
    static final Key USER_CLAIM = new Key("hubbub.auth.user-claim", "sub", CLAIM, "holds the user's id");
    static final Key NAME_CLAIM =
            new Key("hubbub.auth.name-claim", "name", CLAIM, "holds the name that others are shown");
    static final Key ROOMS_CLAIM =
            new Key("hubbub.auth.rooms-claim", "rooms", CLAIM, "holds what the token grants in which rooms");
    static final Key COOKIE = new Key(
            "hubbub.auth.cookie",
            "",
            "empty, or a cookie's name",
            "a cookie that holds a token; taken from allowed origins only");
    static final Key EXPIRY_GRACE = new Key(
            "hubbub.auth.expiry-grace",
            "PT25S",
            "PT0S to PT10M",
            "between a token's expiry and 4101; up to a second late");
    static final Key ORIGINS = new Key(
            "hubbub.origins",
            "",
            "scheme://host[:port] separated by commas, *. before a host for its subdomains; * in development mode",
            "web pages that may connect; in development mode those of localhost and private networks too");
    static final Key API_KEYS =
            new Key("hubbub.api-keys.file", "", FILE, "hashed keys of backends; read again when it changes");
    static final Key SANCTIONS_FILE = new Key(
            "hubbub.sanctions.file",
            "",
            "empty, or a file that can be written, in a directory that can be, and no Redis",
            "keeps the bans and revocations of a node without Redis, which end with the process otherwise");
    static final Key TRUSTED_PROXIES = new Key(
            "hubbub.trusted-proxies",
            "",
            "addresses or networks (10.0.0.0/8), separated by commas",
            "whose hubbub.forwarded-header tells the client's address");
    static final Key FORWARDED_HEADER = new Key(
            "hubbub.forwarded-header",
            "X-Forwarded-For",
            "X-Forwarded-For or Forwarded",
            "the one header that the trusted proxies write; the other is not looked at, since clients may write it");
    static final Key HANDSHAKES_PER_SECOND = new Key(
            "hubbub.limits.handshakes-per-second", "10", "1 to 100000", "handshakes from one address, sustained");
    static final Key HANDSHAKES_BURST =
            new Key("hubbub.limits.handshakes-burst", "20", "1 to 100000", "handshakes from one address at once");
    static final Key NODE_HANDSHAKES_PER_SECOND = new Key(
            "hubbub.limits.node-handshakes-per-second",
            "500",
            "1 to 1000000",
            "handshakes that this node lets in, sustained");
    static final Key NODE_HANDSHAKES_BURST = new Key(
            "hubbub.limits.node-handshakes-burst",
            "1000",
            "2 to 1000000",
            "handshakes that this node lets in at once, of which half are kept for users and backends");
    static final Key HEADER_TIME = new Key(
            "hubbub.limits.header-time",
            "PT5S",
            "PT1S to PT5M",
            "for a request's line and headers to be complete; up to two seconds late");
    static final Key BODY_TIME = new Key(
            "hubbub.limits.body-time",
            "PT10S",
            "PT1S to PT5M",
            "for a request's body to be complete behind its headers");
    static final Key AUTHORIZER_TIMEOUT = new Key(
            "hubbub.authorizer.timeout",
            "PT1S",
            "PT0.01S to PT30S",
            "for a RoomAuthorizer to decide, else UNAVAILABLE");
    static final Key AUTHORIZER_THREADS =
            new Key("hubbub.authorizer.threads", "8", "1 to 256", "decisions of RoomAuthorizers at once");

    static final Key AUTHORIZER_REQUIRED = new Key(
            "hubbub.authorizer.required", "false", "true or false", "whether the start fails without a RoomAuthorizer");

    static final List<Key> ALL = List.of(
            JWT_SECRET,
            JWT_KEY_FILE,
            JWKS_FILE,
            JWKS_URL,
            JWKS_REFRESH,
            JWKS_OUTAGE,
            ALGORITHMS,
            ISSUER,
            AUDIENCE,
            SKEW,
            MAX_AGE,
            USER_CLAIM,
            NAME_CLAIM,
            ROOMS_CLAIM,
            COOKIE,
            EXPIRY_GRACE,
            ORIGINS,
            API_KEYS,
            SANCTIONS_FILE,
            TRUSTED_PROXIES,
            FORWARDED_HEADER,
            HANDSHAKES_PER_SECOND,
            HANDSHAKES_BURST,
            NODE_HANDSHAKES_PER_SECOND,
            NODE_HANDSHAKES_BURST,
            HEADER_TIME,
            BODY_TIME,
            AUTHORIZER_TIMEOUT,
            AUTHORIZER_THREADS,
            AUTHORIZER_REQUIRED);
}
