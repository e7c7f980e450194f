package dev.hubbub.security;

import dev.hubbub.support.Node;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A distribution whose WAR has a team's jar in it, as {@code docs/security.md} says how. */
final class Overlay {
    private Overlay() {}

    /** A copy of the distribution, with a jar of these beans. */
    static Path with(Class<?>... beans) {
        try {
            Path from = Node.distribution();
            Path to = Files.createTempDirectory("hubbub-overlay-");
            copy(from.resolve("bin"), to.resolve("bin"));
            copy(from.resolve("base"), to.resolve("base"));
            Files.createSymbolicLink(to.resolve("jetty-home"), from.resolve("jetty-home"));
            Files.write(to.resolve("base/hubbub/WEB-INF/lib/team.jar"), jar(beans));
            return to;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static byte[] jar(Class<?>... beans) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream jar = new ZipOutputStream(bytes)) {
            // without this file nobody would look for beans in the jar
            jar.putNextEntry(new ZipEntry("META-INF/beans.xml"));
            jar.write("<beans bean-discovery-mode=\"annotated\"/>".getBytes(StandardCharsets.UTF_8));
            for (Class<?> bean : beans) {
                String name = bean.getName().replace('.', '/') + ".class";
                jar.putNextEntry(new ZipEntry(name));
                try (InputStream in = bean.getResourceAsStream("/" + name)) {
                    in.transferTo(jar);
                }
            }
        }
        return bytes.toByteArray();
    }

    static void delete(Path overlay) {
        try (Stream<Path> files = Files.walk(overlay)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
