package dev.hubbub.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.support.Api;
import dev.hubbub.support.Node;
import dev.hubbub.support.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Nodes outside development mode. When one is stopped, all that it has printed is searched for every secret that these
 * tests have made: each suite proves that none of them gets into a log.
 */
final class Sites {
    private static final Set<String> SECRETS = ConcurrentHashMap.newKeySet();

    private Sites() {}

    private static final List<String> ROOMY = Stream.of(
                    "handshakes-per-second",
                    "handshakes-burst",
                    "messages-per-second",
                    "messages-burst",
                    "joins-per-second",
                    "connections-per-ip",
                    "connections-per-user")
            .map(limit -> "-Dhubbub.limits." + limit + "=100000")
            .toList();

    /** A node that takes tokens of {@link Issuer}, and whose limits are far away unless options say otherwise. */
    static Node start(String... options) {
        return begin(options).awaitReady();
    }

    /** The same, and does not wait for it. */
    static Node begin(String... options) {
        return beginOn(Ports.free(), options);
    }

    /** The same on a port. */
    static Node on(int port, String... options) {
        return beginOn(port, options).awaitReady();
    }

    /** The same, and does not wait for it. */
    static Node beginOn(int port, String... options) {
        return launch(Node.distribution(), port, withSecret(options));
    }

    /** The same of a distribution that a team has added something to. */
    static Node from(Path distribution, String... options) {
        return launch(distribution, Ports.free(), withSecret(options)).awaitReady();
    }

    /** The same without a secret. */
    static Node withoutSecret(String... options) {
        return launch(Node.distribution(), Ports.free(), List.of(options)).awaitReady();
    }

    private static List<String> withSecret(String... options) {
        List<String> all = new ArrayList<>(List.of("-Dhubbub.auth.jwt.secret=" + Issuer.SECRET));
        all.addAll(List.of(options));
        return all;
    }

    private static Node launch(Path distribution, int port, List<String> options) {
        List<String> all = new ArrayList<>(ROOMY);
        all.addAll(options); // the last of two counts
        return Node.launchFrom(distribution, port, all.toArray(String[]::new));
    }

    /** Ends a node; it must have kept every secret to itself. */
    static void stop(Node node) {
        node.close();
        keepsSecrets(node);
    }

    static void keepsSecrets(Node node) {
        String log = node.log();
        assertThat(SECRETS).allSatisfy(secret -> assertThat(log).doesNotContain(secret));
        assertThat(log).doesNotContain(Issuer.SECRET);
    }

    /** Remembers what no log may hold. */
    static String secret(String secret) {
        SECRETS.add(secret);
        return secret;
    }

    /** A ticket for whoever the token is of. */
    static String ticket(Node node, String token, String... headers) {
        List<String> all = new ArrayList<>(List.of("Authorization", "Bearer " + token));
        all.addAll(List.of(headers));
        Api.Reply reply = Api.post(node, "/api/v1/tickets", "", all.toArray(String[]::new));
        assertThat(reply.status()).as(reply.response().body()).isEqualTo(200);
        return secret(reply.body().get("ticket").asText());
    }

    /** A file that is gone with these tests. */
    static Path file(String text) {
        try {
            Path file = Files.createTempFile("hubbub-security-", ".txt");
            file.toFile().deleteOnExit();
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
