package dev.hubbub.access;

import dev.hubbub.config.Settings;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which web pages may connect (RFC 6454): scheme, host and port must be those of an entry, or the host a subdomain of one
 * that begins with {@code *.}. {@code null}, which sandboxed and local pages send, is none. In development mode, where
 * whoever comes is a backend, pages of this machine and of private networks may as well: not any page of the web that a developer looks at.
 */
@Singleton
public class Origins {
    private static final String SUBDOMAINS = "://*.";
    private static final String ANY = "*";
    /** A host's name has 253 at most. */
    private static final int MOST_CHARACTERS = 300;

    private record Subdomains(String scheme, String ending) {
        boolean contain(String origin) {
            return origin.startsWith(scheme)
                    && origin.endsWith(ending)
                    && isName(origin.substring(scheme.length(), origin.length() - ending.length()));
        }

        /** Nothing that begins or ends another part of a URL. */
        private static boolean isName(String labels) {
            return labels.matches("[a-z0-9-]+(\\.[a-z0-9-]+)*");
        }
    }

    /** Names and addresses that no page of the web has (RFC 6761, RFC 1918). */
    private static final Pattern NEAR = Pattern.compile(
            "https?://(localhost|[a-z0-9.-]+\\.localhost|\\[::1]|127\\.[0-9.]+|10\\.[0-9.]+|192\\.168\\.[0-9.]+|172\\.(1[6-9]|2[0-9]|3[01])\\.[0-9.]+)(:[0-9]+)?");

    private final boolean any;
    private final boolean near;
    private final Set<String> exact;
    private final List<Subdomains> subdomains;

    @Inject
    public Origins(Settings settings) {
        List<String> all = settings.access.origins();
        any = all.contains(ANY); // only development mode takes it
        near = settings.access.dev();
        exact = all.stream().filter(o -> !o.contains(ANY)).collect(Collectors.toUnmodifiableSet());
        subdomains = all.stream()
                .filter(o -> o.contains(SUBDOMAINS))
                .map(o -> o.split("://\\*", 2))
                .map(o -> new Subdomains(o[0] + "://", o[1]))
                .toList();
    }

    public boolean allow(String origin) {
        if (origin.length() > MOST_CHARACTERS) {
            return false;
        }
        if (any) {
            return true;
        }
        String lower = origin.toLowerCase(Locale.ROOT);
        return exact.contains(lower)
                || (near && NEAR.matcher(lower).matches())
                || subdomains.stream().anyMatch(s -> s.contain(lower));
    }
}
