package dev.hubbub.token;

import static dev.hubbub.token.Issuer.SECRET;
import static dev.hubbub.token.Issuer.claims;
import static dev.hubbub.token.Issuer.identity;
import static dev.hubbub.token.Issuer.problem;
import static dev.hubbub.token.Issuer.signed;
import static dev.hubbub.token.Issuer.tokens;
import static dev.hubbub.token.Issuer.verify;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.protocol.RoomName;
import dev.hubbub.session.Action;
import dev.hubbub.session.Admission;
import dev.hubbub.session.Identity;
import dev.hubbub.session.Rights;
import dev.hubbub.support.FakeClock;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a token says, once it is known to be the issuer's. Skew is 30 s and the longest age 30 days. */
class ClaimsTest {
    private static final long DAYS_30 = 30L * 24 * 3600;

    private final FakeClock clock = new FakeClock();
    private final long now = clock.millis() / 1000;
    private final Tokens tokens = tokens(clock, "auth.jwt.secret", SECRET);

    private Admission of(String claims) {
        return verify(tokens, signed(claims));
    }

    private Admission with(String more) {
        return of(claims(clock, more));
    }

    private Admission at(String times) {
        return of("{\"sub\":\"ana\"" + (times.isEmpty() ? "" : "," + times) + "}");
    }

    @Test
    void aTokenIsGoodUntilItsExpiryAndTheSkewAfterIt() {
        assertThat(problem(at("\"exp\":" + (now - 29)))).isEqualTo("let in");
        assertThat(problem(at("\"exp\":" + (now - 30)))).isEqualTo("UNAUTHENTICATED the token has expired");
        assertThat(problem(at("\"exp\":" + (now - 3600)))).isEqualTo("UNAUTHENTICATED the token has expired");
    }

    @Test
    void aTokenIsGoodFromTheSkewBeforeItsTime() {
        String notYet = "UNAUTHENTICATED the token is not good yet";
        assertThat(problem(with("\"nbf\":" + (now + 30)))).isEqualTo("let in");
        assertThat(problem(with("\"nbf\":" + (now + 31)))).isEqualTo(notYet);
        assertThat(problem(with("\"iat\":" + (now + 30)))).isEqualTo("let in");
        assertThat(problem(with("\"iat\":" + (now + 31)))).isEqualTo(notYet);
    }

    @Test
    void aTokenWithoutAnyTimeIsRefused() {
        assertThat(problem(at(""))).contains("UNAUTHENTICATED", "iat", "exp");
    }

    @Test
    void aTokenWithoutAnEndEndsWithTheLongestAge() {
        Identity identity = identity(at("\"iat\":" + now));
        assertThat(identity.expiresAt()).isEqualTo((now + DAYS_30) * 1000);
        assertThat(identity.grant().issuedAt()).isEqualTo(now * 1000);
        assertThat(problem(at("\"iat\":" + (now - DAYS_30 - 30)))).isEqualTo("UNAUTHENTICATED the token has expired");
    }

    @Test
    void anEndTooFarIsCutShort() {
        Identity identity = identity(at("\"iat\":" + (now - 10) + ",\"exp\":" + (now + 10 * DAYS_30)));
        assertThat(identity.expiresAt()).isEqualTo((now - 10 + DAYS_30) * 1000);
        assertThat(problem(at("\"exp\":" + (now + DAYS_30 + 30)))).isEqualTo("let in");
        assertThat(problem(at("\"exp\":" + (now + DAYS_30 + 31)))).contains("must expire within 2592000 s");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "-4000000000"})
    void anEndLongAgoIsNotAMissingOne(String end) {
        assertThat(problem(at("\"iat\":" + now + ",\"exp\":" + end)))
                .isEqualTo("UNAUTHENTICATED the token has expired");
    }

    @Test
    void timesMayHaveFractions() {
        Identity identity = identity(at("\"iat\":" + now + ".75,\"exp\":" + (now + 60) + ".5"));
        assertThat(identity.expiresAt()).isBetween((now + 60) * 1000, (now + 60) * 1000 + 500);
        assertThat(identity.grant().issuedAt()).isBetween(now * 1000, now * 1000 + 750);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"soon\"", "true", "[1]", "{}"})
    void timesThatAreNoNumbersAreRefused(String time) {
        for (String claim : new String[] {"exp", "nbf", "iat"}) {
            String others = claim.equals("exp") ? "" : "\"exp\":" + (now + 60) + ",";
            assertThat(problem(at(others + "\"" + claim + "\":" + time))).startsWith("UNAUTHENTICATED");
        }
    }

    @Test
    void theIssuerMustBeTheOneThatIsTrusted() {
        Tokens strict = tokens(clock, "auth.jwt.secret", SECRET, "auth.jwt.issuer", "https://id.example.com");
        String wrong = "UNAUTHENTICATED the token is not of the issuer that is trusted here";
        assertThat(problem(verify(strict, signed(claims(clock, "\"iss\":\"https://id.example.com\"")))))
                .isEqualTo("let in");
        assertThat(problem(verify(strict, signed(claims(clock, "\"iss\":\"https://id.example.com/\"")))))
                .isEqualTo(wrong);
        assertThat(problem(verify(strict, signed(claims(clock, ""))))).isEqualTo(wrong);
    }

    @Test
    void theAudienceMustBeOneOfOurs() {
        Tokens strict = tokens(clock, "auth.jwt.secret", SECRET, "auth.jwt.audience", "chat, shop");
        assertThat(problem(verify(strict, signed(claims(clock, "\"aud\":\"shop\"")))))
                .isEqualTo("let in");
        assertThat(problem(verify(strict, signed(claims(clock, "\"aud\":[\"other\",\"chat\"]")))))
                .isEqualTo("let in");
        for (String other : new String[] {"\"aud\":\"other\"", "\"aud\":[]", "\"x\":1", "\"aud\":\"chat, shop\""}) {
            assertThat(problem(verify(strict, signed(claims(clock, other)))))
                    .isEqualTo("UNAUTHENTICATED the token is for another audience");
        }
    }

    @ParameterizedTest
    @CsvSource({"7", "9007199254740993", "-7"})
    void aUsersIdMayBeAWholeNumber(String id) {
        Tokens numbers = tokens(clock, "auth.jwt.secret", SECRET, "auth.user-claim", "uid");
        assertThat(identity(verify(numbers, signed(claims(clock, "\"uid\":" + id))))
                        .user()
                        .value())
                .isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.5", "true", "null", "\"\"", "\"a b\"", "\"a:b\"", "[\"ana\"]", "{\"id\":\"ana\"}"})
    void whatIsNoUsersIdIsRefused(String id) {
        Tokens numbers = tokens(clock, "auth.jwt.secret", SECRET, "auth.user-claim", "uid");
        assertThat(problem(verify(numbers, signed(claims(clock, "\"uid\":" + id)))))
                .startsWith("UNAUTHENTICATED the claim uid must be a user id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"backend", "anon-", "anon-ana"})
    void idsOfHubbubsOwnAreNoTokens(String id) {
        assertThat(problem(of("{\"sub\":\"" + id + "\",\"exp\":" + (now + 60) + "}")))
                .isEqualTo("UNAUTHENTICATED the claim sub is an id that is Hubbub's own");
    }

    @Test
    void aNameIsShownAsFarAsOthersShouldHaveToRead() {
        assertThat(identity(with("\"name\":\"Ana\"")).name()).isEqualTo("Ana");
        assertThat(identity(with("\"name\":\"" + "\ud83d\ude00".repeat(200) + "\""))
                        .name())
                .isEqualTo("\ud83d\ude00".repeat(128));
        for (String none : new String[] {"\"\"", "7", "null", "[\"Ana\"]"}) {
            assertThat(identity(with("\"name\":" + none)).name()).isNull();
        }
    }

    @Test
    void roomsGrantWhatTheyName() {
        Rights rights = identity(
                        with("\"rooms\":{\"chat:*\":[\"join\",\"publish\"],\"news:today\":[\"history\"],\"x\":[]}"))
                .rights();
        assertThat(rights.allow(Action.JOIN, new RoomName("chat:a"))).isTrue();
        assertThat(rights.allow(Action.HISTORY, new RoomName("chat:a"))).isFalse();
        assertThat(rights.allow(Action.HISTORY, new RoomName("news:today"))).isTrue();
        assertThat(rights.allow(Action.HISTORY, new RoomName("news:todays"))).isFalse();
        assertThat(rights.allow(Action.JOIN, new RoomName("x"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]|must be an object",
                "\"chat:*\"|must be an object",
                "{\"chat:*\":\"join\"}|must have a list of actions",
                "{\"chat:*\":null}|must have a list of actions",
                "{\"chat:*\":[\"Join\"]}|knows join, publish, presence, history and kick, not Join",
                "{\"chat:*\":[null]}|not null",
                "{\"chat:*\":[[\"join\"]]}|knows join",
                "{\"*:chat\":[\"join\"]}|names a room that is none: *:chat",
                "{\"\":[\"join\"]}|names a room that is none",
                "{\"chat:**\":[\"join\"]}|names a room that is none"
            })
    void wrongRoomsAreRefusedAndNotPassedOver(String rooms, String message) {
        assertThat(problem(with("\"rooms\":" + rooms)))
                .startsWith("UNAUTHENTICATED the claim rooms ")
                .contains(message);
    }

    @Test
    void tooManyRoomsAreRefused() {
        String rooms = IntStream.rangeClosed(0, Rights.MOST_RULES)
                .mapToObj(i -> "\"r" + i + "\":[\"join\"]")
                .collect(Collectors.joining(","));
        assertThat(problem(with("\"rooms\":{" + rooms + "}"))).contains("at most 200 rooms");
    }

    @Test
    void anObjectionIsWhatVerificationWouldSay() throws Exception {
        var settings = Issuer.settings("auth.jwt.secret", SECRET);
        var fine = new com.nimbusds.jwt.JWTClaimsSet.Builder()
                .subject("ana")
                .issueTime(java.util.Date.from(clock.instant()));
        assertThat(Tokens.objection(settings, fine.build(), clock)).isNull();
        assertThat(Tokens.objection(settings, fine.subject("backend").build(), clock))
                .isEqualTo("the claim sub is an id that is Hubbub's own");
    }
}
