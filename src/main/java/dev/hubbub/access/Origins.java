package dev.hubbub.access;

import dev.hubbub.config.Settings;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which web pages may connect (RFC 6454): scheme, host and port must be those of an entry, or the host a subdomain of one
 * that begins with {@code *.}. {@code null}, which sandboxed and local pages send, is none. In development mode all may
 * where none is listed.
 */
@Singleton
public class Origins {
    private static final String SUBDOMAINS = "://*.";
    private static final String ANY = "*";

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

    private final boolean any;
    private final Set<String> exact;
    private final List<Subdomains> subdomains;

    @Inject
    public Origins(Settings settings) {
        List<String> all = settings.access.origins();
        any = settings.access.dev() && (all.isEmpty() || all.contains(ANY));
        exact = all.stream().filter(o -> !o.contains(ANY)).collect(Collectors.toUnmodifiableSet());
        subdomains = all.stream()
                .filter(o -> o.contains(SUBDOMAINS))
                .map(o -> o.split("://\\*", 2))
                .map(o -> new Subdomains(o[0] + "://", o[1]))
                .toList();
    }

    public boolean allow(String origin) {
        if (any) {
            return true;
        }
        String lower = origin.toLowerCase(Locale.ROOT);
        return exact.contains(lower) || subdomains.stream().anyMatch(s -> s.contain(lower));
    }
}
