package dev.hubbub.token;

import dev.hubbub.session.Action;
import dev.hubbub.session.Area;
import dev.hubbub.session.Rights;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * A backend's key as the server knows it.
 *
 * @param label what its messages are shown to be from, and what its idempotency keys are scoped to
 * @param hash SHA-256 of its secret, which has 256 bits by itself, in hexadecimal digits
 * @param expiresAt in ms since the epoch; 0 for never
 */
record ApiKey(String id, String label, String hash, Rights rights, long expiresAt) {
    static final String PREFIX = "hbk_";
    private static final int MARK_CHARACTERS = 16;
    private static final String ADMIN = "admin";

    /** What names it and its secret: another secret is another key. */
    String mark() {
        return id + " " + hash.substring(0, MARK_CHARACTERS);
    }

    static String hash(String secret) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /**
     * Reads scopes: {@code admin} for everything, {@code rooms}, {@code users} or {@code nodes} for an area, or an action and
     * the rooms it is for, as in {@code publish:chat:*}.
     *
     * @throws IllegalArgumentException where one is none of these
     */
    static Rights rights(List<String> scopes) {
        if (scopes.contains(ADMIN)) {
            return Rights.ALL;
        }
        List<Rights.Rule> rules = new ArrayList<>();
        Set<Area> areas = EnumSet.noneOf(Area.class);
        for (String scope : scopes) {
            int colon = scope.indexOf(':');
            if (colon < 0) {
                areas.add(Area.parse(scope).orElseThrow(() -> unknown(scope)));
            } else {
                Action action = Action.parse(scope.substring(0, colon)).orElseThrow(() -> unknown(scope));
                rules.add(Rights.Rule.of(scope.substring(colon + 1), List.of(action))
                        .orElseThrow(() -> unknown(scope)));
            }
        }
        return new Rights(rules, areas);
    }

    private static IllegalArgumentException unknown(String scope) {
        return new IllegalArgumentException("the scope " + scope
                + " is none of admin, rooms, users, nodes, or join, publish, presence, history or kick with :rooms");
    }
}
