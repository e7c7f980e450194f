package dev.hubbub.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** A Lua script that lies beside this class; safe to run twice, since a command whose answer was lost is repeated. */
record Script(String name, String text) {
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
}
