package dev.hubbub.tool;

import dev.hubbub.config.ConfigurationException;
import java.util.List;

/** Finds the tool that is meant, and tells how it went. */
record Tools(Surroundings around) {
    private static final String HELP = "--help";

    /** The exit status. What a tool prints it prints at its end: one that fails leaves nothing on stdout. */
    int run(List<String> words) {
        String word = words.isEmpty() ? "" : words.get(0);
        try {
            List<String> rest = words.subList(Math.min(1, words.size()), words.size());
            around.out().print(answer(word, rest));
            return 0;
        } catch (ConfigurationException e) {
            around.err().println(e.getMessage());
            return Failure.CONFIGURATION;
        } catch (Failure e) {
            around.err().println("hubbub " + word + ": " + e.getMessage());
            return e.status();
        }
    }

    private String answer(String word, List<String> rest) {
        boolean help = rest.contains(HELP);
        return switch (word) {
            case "token" -> help ? TokenTool.USAGE : new TokenTool(around).run(rest);
            case "key" -> help ? KeyTool.USAGE : new KeyTool(around).run(rest);
            case "check" -> help ? CheckTool.USAGE : new CheckTool(around).run(rest);
            default -> throw Failure.usage("there are the tools token, key and check");
        };
    }
}
