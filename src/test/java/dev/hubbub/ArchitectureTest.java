package dev.hubbub;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.hubbub.websocket.EndpointFactory;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of packages in {@code docs/} and the design as data: change both together. */
class ArchitectureTest {
    private static final String BASE = "dev.hubbub.";
    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.hubbub");

    /** What each package may use of the others. */
    private static final Map<String, Set<String>> ARROWS = new TreeMap<>(Map.ofEntries(
            arrow("protocol"),
            arrow("config"),
            arrow("cluster", "protocol", "config"),
            arrow("redis", "protocol", "config", "cluster"),
            arrow("session", "protocol", "config"),
            // what a team's own code sees: made of nothing of ours
            arrow("spi"),
            // session: an Identity is what credentials are read into
            arrow("token", "protocol", "config", "session"),
            // session: it decides about an Identity, which is what a session has
            arrow("access", "protocol", "config", "cluster", "session", "token", "spi"),
            // programs of their own on the server's classes, which they ask what a server would say
            arrow("tool", "protocol", "config", "token", "access", "session"),
            arrow("presence", "protocol", "config", "cluster"),
            arrow("room", "protocol", "config", "cluster", "session", "presence"),
            // what happens to sessions and rooms becomes events, which are kept for the webhook by a port
            arrow("hook", "protocol", "config", "cluster", "session", "presence", "room", "spi"),
            // config and cluster: it reads its limits, and hands the ports' values (Publication, PublishOutcome) on
            arrow("dispatch", "protocol", "config", "cluster", "session", "access", "presence", "room"),
            arrow("websocket", "protocol", "config", "session", "access", "dispatch"),
            // room: an event stream's cursor is made of its subscriptions' places
            arrow("sse", "protocol", "config", "session", "access", "dispatch", "room"),
            // cluster: it publishes and lists members, whose values are the ports'
            arrow("http", "protocol", "config", "cluster", "access", "presence", "room", "session"),
            arrow(
                    "ops",
                    "protocol",
                    "config",
                    "cluster",
                    "session",
                    "access",
                    "presence",
                    "room",
                    "dispatch",
                    "hook",
                    // metrics are written as answers of the API are
                    "http")));

    private static Map.Entry<String, Set<String>> arrow(String from, String... to) {
        return Map.entry(from, new TreeSet<>(Arrays.asList(to)));
    }

    static Stream<Arguments> forbiddenArrows() {
        return ARROWS.entrySet().stream()
                .flatMap(from -> ARROWS.keySet().stream()
                        .filter(to ->
                                !to.equals(from.getKey()) && !from.getValue().contains(to))
                        .map(to -> arguments(from.getKey(), to)));
    }

    @ParameterizedTest(name = "{0} does not use {1}")
    @MethodSource("forbiddenArrows")
    void aPackageUsesOnlyWhatTheTableLists(String from, String to) {
        noClasses()
                .that()
                .resideInAPackage(BASE + from + "..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(BASE + to + "..")
                .allowEmptyShould(true)
                .check(MAIN);
    }

    @Test
    void everyPackageIsInTheTable() {
        Set<String> packages = MAIN.stream()
                .map(JavaClass::getPackageName)
                .map(p -> p.substring(BASE.length()))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(ARROWS.keySet()).containsAll(packages);
    }

    @Test
    void nothingDependsOnRedis() {
        noClasses()
                .that()
                .resideOutsideOfPackage(BASE + "redis..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(BASE + "redis..")
                .check(MAIN);
    }

    @Test
    void packagesHaveNoCycle() {
        slices().matching(BASE + "(*)..").should().beFreeOfCycles().check(MAIN);
    }

    private static void onlyIn(String what, List<String> homes, String... packages) {
        noClasses()
                .that(not(resideInAnyPackage(homes.toArray(String[]::new))))
                .should()
                .dependOnClassesThat(resideInAnyPackage(packages))
                .because(what)
                .check(MAIN);
    }

    @Test
    void webSocketTypesAndJettyAreOnlyInWebsocketAndOps() {
        onlyIn(
                "the domain knows no transport",
                List.of(BASE + "websocket", BASE + "ops"),
                "jakarta.websocket..",
                "org.eclipse.jetty..");
    }

    @Test
    void servletTypesAreOnlyWhereRequestsComeIn() {
        onlyIn(
                "the domain knows no transport",
                // access: it reads credentials and addresses from where requests have them, and refuses all alike
                List.of(BASE + "sse", BASE + "http", BASE + "websocket", BASE + "ops", BASE + "access"),
                "jakarta.servlet..");
    }

    @Test
    void redissonIsOnlyInRedis() {
        onlyIn("the ports hide it", List.of(BASE + "redis"), "org.redisson..");
    }

    @Test
    void timeIsAnInjectedClock() {
        noClasses()
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .check(MAIN);
    }

    @Test
    void onlyTheClocksProducerAsksTheSystemForTheTime() {
        noClasses()
                // and the tools' main class: in a process without CDI it is what the producer is in a server
                .that(not(resideInAPackage(BASE + "ops")))
                .and(not(describe("the tools' main class", c -> c.getName().equals(BASE + "tool.Main"))))
                .should()
                .callMethod(java.time.Clock.class, "systemUTC")
                .orShould()
                .callMethod(java.time.Clock.class, "systemDefaultZone")
                .check(MAIN);
    }

    @Test
    void beansAreLookedUpOnlyInTheEndpointFactory() {
        noClasses()
                .that(not(DescribedPredicate.describe("the factory", c -> c.isEquivalentTo(EndpointFactory.class))))
                .should()
                .dependOnClassesThat(describe("CDI", c -> c.getName().equals("jakarta.enterprise.inject.spi.CDI")))
                .check(MAIN);
    }

    @Test
    void everyPackageSaysWhatItIsAndThatItIsNullMarked() throws ClassNotFoundException {
        for (String name : MAIN.stream().map(JavaClass::getPackageName).collect(Collectors.toSet())) {
            Class<?> info = Class.forName(name + ".package-info");
            assertThat(info.isAnnotationPresent(NullMarked.class)).as(name).isTrue();
        }
    }

    @Test
    void noClassIsNamedHelperManagerUtilOrImpl() {
        classes().should().haveNameNotMatching(".*(Helper|Manager|Utils?|Impl)").check(MAIN);
    }
}
