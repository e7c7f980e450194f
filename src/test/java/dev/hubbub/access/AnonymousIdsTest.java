package dev.hubbub.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.cluster.InMemorySanctions;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.UserId;
import dev.hubbub.support.FakeClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class AnonymousIdsTest {
    private static final String SECRET = "s".repeat(32);

    private final FakeClock clock = new FakeClock();
    private final Settings settings =
            Settings.of(Map.of("hubbub.auth.anonymous-secret", SECRET, "hubbub.auth.jwt.max-age", "PT1H"));
    private final AnonymousIds ids = new AnonymousIds(settings, clock);

    private static String sign(String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        byte[] all = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        return text + "."
                + Base64.getUrlEncoder().withoutPadding().encodeToString(all).substring(0, 22);
    }

    @Test
    void anIdIsItsUsersUntilItsTimeIsOver() {
        String signed = ids.issue();
        UserId user = ids.verify(signed).orElseThrow();
        assertThat(user.value()).matches("anon-[A-Za-z0-9_-]{12}");
        assertThat(new AnonymousIds(settings, clock).verify(signed))
                .as("of a node with the same secret")
                .contains(user);
        clock.advance(Duration.ofMinutes(59));
        assertThat(ids.verify(signed)).contains(user);
        assertThat(ids.endsAt(signed)).isBetween(clock.millis(), clock.millis() + 60_000);
        clock.advance(Duration.ofMinutes(1));
        assertThat(ids.verify(signed)).isEmpty();
    }

    @Test
    void aRevokedIdIsNotGoodAgainWhenTheRevocationIsForgotten() {
        InMemorySanctions sanctions = new InMemorySanctions(settings, clock);
        String signed = ids.issue();
        UserId user = ids.verify(signed).orElseThrow();
        sanctions.revoke(user).toCompletableFuture().join();
        for (int minute = 0; minute < 120; minute++) {
            Optional<UserId> good = ids.verify(signed);
            assertThat(good.isPresent() && !sanctions.isRevoked(user, 0))
                    .as("after %d minutes", minute)
                    .isFalse();
            clock.advance(Duration.ofMinutes(1));
        }
    }

    @Test
    void oneWithoutATimeOrWithAnotherIsNobodys() throws Exception {
        assertThat(ids.verify(sign("anon-AAAAAAAAAAAA")))
                .as("as they were once")
                .isEmpty();
        assertThat(ids.verify(sign("anon-AAAAAAAAAAAA." + clock.millis() / 1000)))
                .isPresent();
        String signed = ids.issue();
        String[] parts = signed.split("\\.");
        for (String wrong : new String[] {
            parts[0] + "." + (Long.parseLong(parts[1]) + 1) + "." + parts[2],
            parts[0] + "x." + parts[1] + "." + parts[2],
            parts[0] + "." + parts[1] + ".",
            parts[0] + "." + parts[1],
            parts[0] + ".." + parts[2],
            signed + ".",
            "x" + signed,
            ""
        }) {
            assertThat(ids.verify(wrong)).as(wrong).isEmpty();
            assertThat(ids.endsAt("nonsense")).isZero();
        }
    }
}
