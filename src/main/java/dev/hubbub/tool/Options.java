package dev.hubbub.tool;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A command line of {@code --name value} and {@code --name=value}. */
final class Options {
    private static final String DASHES = "--";

    private final Map<String, List<String>> values = new LinkedHashMap<>();

    private Options() {}

    /**
     * @param once options that may be given once
     * @param often those that may be given again
     */
    static Options parse(List<String> words, Set<String> once, Set<String> often) {
        Options options = new Options();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            String bare = name.startsWith(DASHES) ? name.substring(DASHES.length()) : "";
            if (!once.contains(bare) && !often.contains(bare)) {
                throw Failure.usage("'" + name + "' is not understood, see --help");
            }
            if (equals < 0 && ++i == words.size()) {
                throw Failure.usage(name + " needs a value");
            }
            List<String> all = options.values.computeIfAbsent(bare, b -> new ArrayList<>());
            all.add(equals < 0 ? words.get(i) : word.substring(equals + 1));
            if (all.size() > 1 && once.contains(bare)) {
                throw Failure.usage(name + " may be given once");
            }
        }
        return options;
    }

    Optional<String> one(String name) {
        return all(name).stream().findFirst();
    }

    String needed(String name) {
        return one(name).filter(v -> !v.isEmpty()).orElseThrow(() -> Failure.usage(DASHES + name + " is needed"));
    }

    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }
}
