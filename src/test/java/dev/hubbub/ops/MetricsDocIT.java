package dev.hubbub.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.support.Api;
import dev.hubbub.support.Nodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code docs/operations.md} lists the metrics, for people: what a node serves, no more and no less. */
class MetricsDocIT {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (`[^|]*`) \\|");
    /** A metric in the doc, with its labels: {@code `name{label,label}`}. */
    private static final Pattern LISTED = Pattern.compile("`([a-zA-Z_]+)(?:\\{([a-z_,]+)})?`");
    /** A value in Prometheus' text form, with its labels. */
    private static final Pattern SERVED = Pattern.compile("(?m)^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? \\S+$");

    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]+)=\"[^\"]*\"");
    /** MicroProfile's own, on every metric. */
    private static final Set<String> COMMON = Set.of("mp_app", "mp_scope");

    private static Map<String, Set<String>> listed() throws IOException {
        return ROW.matcher(Files.readString(Path.of("docs", "operations.md")))
                .results()
                .flatMap(row -> LISTED.matcher(row.group(1)).results())
                .collect(Collectors.toMap(
                        m -> m.group(1),
                        m -> m.group(2) == null
                                ? Set.of()
                                : new TreeSet<>(Arrays.asList(m.group(2).split(","))),
                        (a, b) -> {
                            throw new AssertionError("a metric is listed twice");
                        },
                        TreeMap::new));
    }

    private static Map<String, Set<String>> served() {
        Map<String, Set<String>> served = new TreeMap<>();
        SERVED.matcher(Api.get(Nodes.shared(), "/metrics").response().body())
                .results()
                .forEach(m -> {
                    Set<String> labels = served.computeIfAbsent(m.group(1), n -> new TreeSet<>());
                    LABEL.matcher(m.group(2) == null ? "" : m.group(2))
                            .results()
                            .map(l -> l.group(1))
                            .filter(l -> !COMMON.contains(l))
                            .forEach(labels::add);
                });
        return served;
    }

    @Test
    void theDocListsWhatANodeServes() throws IOException {
        assertThat(served()).hasSizeGreaterThan(10).isEqualTo(listed());
    }
}
