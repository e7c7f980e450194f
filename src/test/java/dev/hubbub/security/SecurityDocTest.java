package dev.hubbub.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/security.md} names the tests that hold what it says: each must be there, and each suite be named. */
class SecurityDocTest {
    private static final Path TESTS = Path.of("src/test/java");
    private static final Pattern NAMED = Pattern.compile("`(\\w+)#(\\w+)`");

    private static List<MatchResult> named() throws IOException {
        return NAMED.matcher(Files.readString(Path.of("docs/security.md")))
                .results()
                .toList();
    }

    private static String source(String name) throws IOException {
        try (Stream<Path> files = Files.walk(TESTS)) {
            Path file = files.filter(f -> f.endsWith(name + ".java"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("there is no test " + name));
            return Files.readString(file);
        }
    }

    @Test
    void everyTestThatIsNamedExists() throws IOException {
        assertThat(named()).hasSizeGreaterThan(40);
        for (MatchResult each : named()) {
            assertThat(source(each.group(1)))
                    .as(each.group())
                    .containsPattern("(?m)^    void " + each.group(2) + "\\(");
        }
    }

    @Test
    void everySuiteOfThisPackageIsNamed() throws IOException {
        try (Stream<Path> files = Files.list(TESTS.resolve("dev/hubbub/security"))) {
            List<String> suites = files.map(f -> f.getFileName().toString().replace(".java", ""))
                    .filter(name -> name.endsWith("IT"))
                    .sorted()
                    .toList();
            Set<String> all = named().stream().map(m -> m.group(1)).collect(Collectors.toSet());
            assertThat(all).containsAll(suites);
        }
    }
}
