package dev.hubbub.tool;

import dev.hubbub.config.Access;
import dev.hubbub.config.Audience;
import dev.hubbub.config.NamespacePolicy;
import dev.hubbub.config.Settings;
import dev.hubbub.token.ApiKeyFile;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What is allowed and yet risky, or of no use: a line each, with what to set. */
record Warnings(Settings settings, List<ApiKeyFile.Entry> apiKeys, Clock clock) {
    private static final String ADMIN = "admin";
    private static final String OWN_ROOMS = "user";

    List<String> list() {
        List<String> lines = new ArrayList<>();
        Access access = settings.access;
        if (access.dev()) {
            lines.add("hubbub.dev=true lets everybody do everything: leave it out where others can connect");
        }
        if (!settings.limits.enabled()) {
            lines.add("hubbub.limits.enabled=false turns every limit off: leave it out unless you measure");
        }
        nobody(lines, access);
        anonymous(lines, access);
        tokens(lines, access);
        pages(lines, access);
        sanctions(lines, access);
        keys(lines);
        network(lines, access);
        return lines;
    }

    private void nobody(List<String> lines, Access access) {
        if (!access.jwt().isUsed() && !access.anonymous() && apiKeys.isEmpty()) {
            lines.add("nobody is let in: set a key for tokens (hubbub.auth.jwt.…), hubbub.api-keys.file or"
                    + " hubbub.auth.anonymous");
        }
    }

    private void anonymous(List<String> lines, Access access) {
        String publish = openTo(NamespacePolicy::publish);
        if (access.anonymous() && !publish.isEmpty()) {
            lines.add("anonymous users may publish in " + publish
                    + ": set hubbub.namespace.<name>.publish=users, or publishes-per-minute, where that is not meant");
        }
        String kick = openTo(NamespacePolicy::kick);
        if (!kick.isEmpty()) {
            lines.add("anyone who is let in may take others out in " + kick
                    + ": set hubbub.namespace.<name>.kick=granted");
        }
        if (access.anonymous() && access.anonymousSecret().isEmpty()) {
            lines.add(
                    settings.redis.isUsed()
                            ? "an anonymous user is another one on each node: set the same hubbub.auth.anonymous-secret for all"
                            : "anonymous users are others after a restart: set hubbub.auth.anonymous-secret");
        }
    }

    /** The namespaces where something is anyone's. */
    private String openTo(Function<NamespacePolicy, Audience> what) {
        return settings.namespaces().entrySet().stream()
                .filter(e -> !e.getKey().equals(OWN_ROOMS) && what.apply(e.getValue()) == Audience.ANYONE)
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(", "));
    }

    private void tokens(List<String> lines, Access access) {
        Access.Jwt jwt = access.jwt();
        if (!jwt.isUsed()) {
            return;
        }
        if (jwt.audiences().isEmpty()) {
            lines.add("tokens that are meant for other services are taken: set hubbub.auth.jwt.audience");
        }
        if (jwt.issuer().isEmpty() && !jwt.jwksUrl().isEmpty()) {
            lines.add("tokens of any issuer are taken that a key of jwks-url verifies: set hubbub.auth.jwt.issuer");
        }
        if (jwt.jwksUrl().startsWith("http:")) {
            lines.add(
                    "hubbub.auth.jwt.jwks-url is plain http, where keys can be replaced on their way: set an https URL");
        }
        boolean secretsAlone = jwt.publicKeyFile().isEmpty()
                && jwt.jwksFile().isEmpty()
                && jwt.jwksUrl().isEmpty();
        if (secretsAlone && jwt.algorithms().stream().noneMatch(a -> a.startsWith("HS"))) {
            lines.add("no token can be verified: hubbub.auth.jwt.secret is for HS256, HS384 or HS512, which"
                    + " hubbub.auth.jwt.algorithms leaves out");
        }
    }

    private static void pages(List<String> lines, Access access) {
        boolean users = access.jwt().isUsed() || access.anonymous();
        if (users && access.origins().isEmpty() && !access.dev()) {
            lines.add(
                    "no web page may connect: set hubbub.origins to the pages' origins, such as https://app.example.com");
        }
        if (!access.cookie().isEmpty() && !access.jwt().isUsed()) {
            lines.add("hubbub.auth.cookie is of no use without a key for tokens: set one of hubbub.auth.jwt.…");
        }
    }

    private void sanctions(List<String> lines, Access access) {
        boolean users = access.jwt().isUsed() || access.anonymous();
        if (users
                && !access.dev()
                && !settings.redis.isUsed()
                && access.sanctionsFile().isEmpty()) {
            lines.add("after a restart tokens of users who were disconnected are good again, and bans are gone: set"
                    + " hubbub.sanctions.file, or hubbub.redis");
        }
    }

    private void keys(List<String> lines) {
        for (ApiKeyFile.Entry key : apiKeys) {
            boolean admin = key.scopes.contains(ADMIN);
            if (admin && key.expires == null) {
                lines.add(
                        "the API key " + key.id + " may do everything and does not expire: make one with --expires, or"
                                + " with fewer scopes, by bin/hubbub key");
            } else if (key.expires != null && !Instant.parse(key.expires).isAfter(clock.instant())) {
                lines.add("the API key " + key.id + " has expired: take it out with bin/hubbub key remove");
            }
        }
    }

    private void network(List<String> lines, Access access) {
        if (access.trustedProxies().stream().anyMatch(proxy -> proxy.endsWith("/0"))) {
            lines.add("every client is trusted to tell its address: set hubbub.trusted-proxies to the proxies alone");
        }
        String redis = settings.redis.address();
        if (redis.startsWith("redis:") && !redis.matches(".*(//|@)(localhost|127\\.[0-9.]+|\\[::1])[:/].*")) {
            lines.add("what goes to Redis can be read on its way: set a rediss:// address in hubbub.redis, or keep its"
                    + " network closed");
        }
    }
}
