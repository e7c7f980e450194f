package dev.hubbub.checker;

import dev.hubbub.support.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Some nodes, each on its port for as long as this lives, whatever becomes of them. One thread's. */
final class Cluster implements AutoCloseable {
    /** How many messages a room of the namespace {@code brief} keeps. */
    static final int BRIEF = 64;

    private static final List<String> OPTIONS = List.of(
            "-Dhubbub.dev=true",
            "-Dhubbub.limits.enabled=false",
            // a user is the same on every node
            "-Dhubbub.auth.anonymous-secret=0123456789abcdef0123456789abcdef",
            "-Dhubbub.namespace.default.history-size=1000000",
            "-Dhubbub.namespace.default.history-bytes=268435456",
            "-Dhubbub.namespace.brief.history-size=" + BRIEF);

    private final List<Node> nodes = new ArrayList<>();
    private final List<Integer> ports;
    private final IntFunction<List<String>> options;

    private Cluster(int count, IntFunction<List<String>> options) {
        this.options = options;
        for (int i = 0; i < count; i++) {
            nodes.add(Node.launch(optionsOf(i)));
        }
        ports = nodes.stream().map(Node::port).toList();
    }

    /** @param options what each of them is told besides */
    static Cluster start(int count, IntFunction<List<String>> options) {
        Cluster cluster = new Cluster(count, options);
        try {
            cluster.nodes.forEach(Node::awaitReady);
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private String[] optionsOf(int index) {
        List<String> all = new ArrayList<>(OPTIONS);
        all.add("-Dhubbub.node=" + name(index));
        all.addAll(options.apply(index));
        return all.toArray(String[]::new);
    }

    int size() {
        return nodes.size();
    }

    List<Integer> ports() {
        return ports;
    }

    private static String name(int index) {
        return "n" + index;
    }

    Fault kill(int index) {
        return Fault.keeping(
                        name(index),
                        "SIGKILL of " + name(index),
                        () -> nodes.get(index).kill(),
                        () -> nodes.set(index, Node.launchOn(ports.get(index), optionsOf(index))))
                .then(() -> nodes.get(index).awaitReady());
    }

    Fault pause(int index) {
        return Fault.keeping(
                name(index),
                "SIGSTOP of " + name(index),
                () -> nodes.get(index).pause(),
                () -> nodes.get(index).resume());
    }

    @Override
    public void close() {
        nodes.forEach(Node::kill);
    }
}
