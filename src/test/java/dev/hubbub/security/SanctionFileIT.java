package dev.hubbub.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.support.Api;
import dev.hubbub.support.Node;
import dev.hubbub.support.Ports;
import dev.hubbub.support.RawWebSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node without Redis, which is killed: what it was told of bans and stolen tokens must not die with it. */
class SanctionFileIT {
    private static final Keys BACKEND = Keys.of("backend", "users");
    private static final String ROOM = "chat:file";

    @TempDir
    Path directory;

    private String[] options() {
        List<String> all = new ArrayList<>(List.of(Way.OPEN));
        all.add("-Dhubbub.api-keys.file=" + Sites.file(Keys.file(BACKEND)));
        all.add("-Dhubbub.sanctions.file=" + directory.resolve("sanctions"));
        return all.toArray(String[]::new);
    }

    private static int ban(Node node, String query) {
        String moderator = Issuer.token("mod", "chat:*", "kick");
        return Api.delete(
                        node, "/api/v1/rooms/" + ROOM + "/members/ben" + query, "Authorization", "Bearer " + moderator)
                .status();
    }

    private static void isRefused(Node node, String token) {
        for (Way way : Way.values()) {
            Way.Answer answer = way.knock(node, "", Issuer.bearer(token));
            assertThat(answer.status()).as("%s %s", way, answer).isEqualTo(401);
            assertThat(answer.detail()).isEqualTo("the token was revoked");
        }
    }

    @Test
    void aRevokedTokenAndABanOutliveANodeThatIsKilled() throws IOException {
        Path file = directory.resolve("sanctions");
        String stolen = Issuer.token("ann");
        String banned = Issuer.token("ben", "chat:*", Issuer.ALL);
        int port = Ports.free();
        long revoked;
        try (Node node = Sites.on(port, options())) {
            assertThat(ban(node, "?banMs=600000")).isEqualTo(204);
            assertThat(Api.post(node, "/api/v1/users/ann/disconnect", "", BACKEND.header())
                            .status())
                    .isEqualTo(204);
            revoked = System.currentTimeMillis();
            isRefused(node, stolen);
            node.kill();
            Sites.keepsSecrets(node);
        }
        // as if the power had failed amid a change
        Files.writeString(file, "b " + ROOM + " carl 17", StandardOpenOption.APPEND);
        Node again = Sites.on(port, options());
        try {
            isRefused(again, stolen);
            Date later = new Date(revoked / 1000 * 1000 + 1000);
            String newer = Issuer.token("ann", claims -> claims.issueTime(later));
            for (Way way : Way.values()) {
                assertThat(way.knock(again, "", Issuer.bearer(newer)).in())
                        .as(way.name())
                        .isTrue();
            }
            assertThat(Attempts.allowed(again, ROOM, Issuer.bearer(banned))).isEmpty();
            assertThat(ban(again, "?banMs=0")).isEqualTo(204);
            assertThat(Attempts.allowed(again, ROOM, Issuer.bearer(banned))).isEqualTo(Attempts.all());
            assertThat(again.log()).contains("ends amid a line", "2 sanctions hold");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        } finally {
            Sites.stop(again);
        }
    }

    @Test
    void whoeverMustGoGoesAlsoWhereTheDiskTakesNothing() throws IOException {
        Path place = Files.createDirectory(directory.resolve("disk"));
        List<String> all = new ArrayList<>(List.of(options()));
        all.add("-Dhubbub.sanctions.file=" + place.resolve("sanctions"));
        Node node = Sites.start(all.toArray(String[]::new));
        String stolen = Issuer.token("ann");
        try (RawWebSocket socket = RawWebSocket.open(node, "/ws", Issuer.bearer(stolen))) {
            Path away = Files.move(place, directory.resolve("away"));
            Api.Reply reply = Api.post(node, "/api/v1/users/ann/disconnect", "", BACKEND.header());
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.body().get("code").asText()).isEqualTo("UNAVAILABLE");
            assertThat(socket.end().code()).isEqualTo(4003);
            isRefused(node, stolen);
            Files.move(away, place);
            assertThat(ban(node, "?banMs=600000")).isEqualTo(204);
            assertThat(Files.readAllLines(place.resolve("sanctions"))).hasSize(3);
        } finally {
            Sites.stop(node);
        }
    }

    @Test
    void aFileThatAnotherNodeHasStopsTheStart() throws InterruptedException {
        Node first = Sites.start(options());
        try (Node second = Node.launch(options())) {
            assertThat(second.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(second.process().exitValue()).isEqualTo(78);
            String[] lines = second.log().split("\n");
            assertThat(lines[lines.length - 1]).contains("hubbub.sanctions.file", "another process has it");
            assertThat(second.log()).doesNotContain("Exception", "\tat ");
        } finally {
            Sites.stop(first);
        }
    }

    @Test
    void whereNothingKeepsThemTheStartSaysSo() {
        Node node = Sites.start();
        Sites.stop(node);
        assertThat(node.log()).contains("hubbub.sanctions.file is empty");
    }
}
