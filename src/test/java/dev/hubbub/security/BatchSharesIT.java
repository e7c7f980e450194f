package dev.hubbub.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.support.Api;
import dev.hubbub.support.Node;
import dev.hubbub.support.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whoever has large batches come in for as long as they may keeps nobody else's out. */
class BatchSharesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String ROOM = "slow:1";
    private static final Keys SHOP = Keys.of("shop", "publish:slow:*");
    private static final String MESSAGE = "{\"room\":\"" + ROOM + "\",\"payload\":\"" + "x".repeat(15_000) + "\"}";
    private static final String BATCH = "{\"messages\":[" + String.join(",", Collections.nCopies(99, MESSAGE)) + "]}";
    private static Node node;

    @BeforeAll
    static void start() {
        node = Sites.start(
                "-Dhubbub.limits.batches=4",
                "-Dhubbub.limits.batches-per-user=1",
                "-Dhubbub.limits.body-time=PT1M",
                "-Dhubbub.api-keys.file=" + Sites.file(Keys.file(SHOP)));
    }

    @AfterAll
    static void stop() {
        Sites.stop(node);
    }

    private static String[] user(String name) {
        return new String[] {"Authorization", "Bearer " + Issuer.token(name, ROOM, Issuer.ALL)};
    }

    private static Api.Reply batch(String[] who) {
        return Api.post(node, "/api/v1/messages", BATCH, who);
    }

    /** One whose last byte does not come. */
    private static Wire hold(String name) {
        long before = held();
        Wire wire = new Wire(node.port(), 0);
        String head = "POST /api/v1/messages HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n"
                + Issuer.bearer(Issuer.token(name, ROOM, Issuer.ALL)) + "\r\nContent-Length: " + BATCH.length()
                + "\r\n\r\n";
        String most = BATCH.substring(0, BATCH.length() - 1);
        assertThat(wire.write((head + most).getBytes(StandardCharsets.US_ASCII)))
                .isTrue();
        Awaitility.await().atMost(PATIENCE).until(() -> held() > before + BATCH.length() - 20_000);
        return wire;
    }

    private static long held() {
        return Api.metric(node, "hubbub_batches_bytes", "");
    }

    private static long refused(String reason) {
        return Api.metric(node, "hubbub_refused", "\"" + reason + "\"");
    }

    private static void assertRefused(Api.Reply reply, int status, String code) {
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.body().get("code").asText()).isEqualTo(code);
        assertThat(reply.header("retry-after")).isNotEmpty();
    }

    @Test
    void whoeverHasAShareHasNoOthersAndAllUsersLeaveSomeToBackends() {
        try (Wire mallorys = hold("mallory")) {
            assertRefused(batch(user("mallory")), 429, "RESOURCE_EXHAUSTED");
            assertThat(refused("user_batches")).isEqualTo(1);
            assertThat(batch(user("ann")).status()).isEqualTo(200);
            try (Wire bobs = hold("bob")) {
                assertRefused(batch(user("ann")), 503, "UNAVAILABLE");
                assertThat(refused("batches")).isEqualTo(1);
                assertThat(batch(SHOP.header()).status()).isEqualTo(200);
                assertThat(mallorys.available() + bobs.available()).isZero();
            }
        }
        Awaitility.await().atMost(PATIENCE).until(() -> held() == 0);
        assertThat(batch(user("mallory")).status()).as("it was given back").isEqualTo(200);
    }
}
