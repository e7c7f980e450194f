package dev.hubbub.tool;

import dev.hubbub.access.ClientAddress;
import dev.hubbub.config.Settings;
import dev.hubbub.token.ApiKeyFile;
import dev.hubbub.token.ApiKeys;
import dev.hubbub.token.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the configuration as a node does, by the same classes, and says what it comes to. */
record CheckTool(Surroundings around) {
    private static final Logger LOG = LoggerFactory.getLogger(CheckTool.class);

    static final String USAGE = """
            usage: hubbub check [-Dname=value …]
              reads the configuration as a node with the same options and environment would, and says who is let in and what
              they may do, and what is risky. Exits with 0, or with 78 where a node would not start.
            """;

    String run(List<String> words) {
        Options.parse(words, Set.of(), Set.of());
        Settings settings = around.settings().get();
        Tokens tokens = new Tokens(settings, around.clock());
        begun(new ApiKeys(settings, around.clock()));
        begun(new ClientAddress(settings));
        List<ApiKeyFile.Entry> keys = entries(settings.access.apiKeysFile());
        List<String> warnings = new ArrayList<>(new Warnings(settings, keys, around.clock()).list());
        @Nullable String silent = tokens.askUrl();
        if (silent != null) {
            warnings.add(
                    "hubbub.auth.jwt.jwks-url gives no keys now: until it does, tokens are refused (" + silent + ")");
        }
        StringBuilder text = new StringBuilder("The configuration is right.\n\n");
        text.append(new Report(settings, tokens.keys(), keys).text());
        warnings.forEach(warning -> text.append("warning: ").append(warning).append('\n'));
        text.append(warnings.isEmpty() ? "No warnings.\n" : "");
        return text.toString();
    }

    /** What reads its part of the configuration when it is made: a wrong one has been refused by then. */
    private static void begun(Object part) {
        LOG.debug("{} has read its configuration", part.getClass());
    }

    private static List<ApiKeyFile.Entry> entries(String file) {
        try {
            return file.isEmpty() ? List.of() : ApiKeyFile.read(Files.readString(Path.of(file))).keys;
        } catch (IOException | IllegalArgumentException e) {
            throw Failure.configuration(file + " changes just now: " + e.getMessage());
        }
    }
}
