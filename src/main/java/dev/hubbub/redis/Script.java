package dev.hubbub.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;

/**
 * A Lua script that lies beside this class; safe to run twice, since a command whose answer was lost is repeated.
 *
 * @param sha what Redis calls it once it knows it (the command EVALSHA)
 */
record Script(String name, String text, String sha) {
    Script(String name, String text) {
        this(name, text, sha1(text));
    }

    private static final String COMMON = resource("common");

    static Script of(String name) {
        return new Script(name, COMMON + resource(name));
    }

    /** @param shared what else stands before it */
    static Script of(String shared, String name) {
        return new Script(name, COMMON + resource(shared) + resource(name));
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(Script.class.getResourceAsStream(name + ".lua"), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha1(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
