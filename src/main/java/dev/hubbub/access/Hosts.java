package dev.hubbub.access;

import dev.hubbub.config.Settings;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * By which names a node in development mode is spoken to. There whoever brings nothing is a backend, and a page whose name
 * is made to point to this machine while it is open (DNS rebinding) is of the node's own origin: browsers let it read, and
 * send no {@code Origin} with that. All that tells it from a page of ours is the name in {@code Host}. So that must be one
 * that no stranger's DNS answers for: an address, a name without a dot, what ends in
 * {@code localhost}, {@code test} (RFC 6761) or {@code internal}, which the web's DNS does not have, or the host of an origin that is listed, on whatever port. Names of mDNS ({@code .local}) are not among them: anybody in
 * the network may answer for those. Outside development mode, and where any origin may connect, any name will do.
 */
@Singleton
public class Hosts {
    /** Of one that is longer nothing more is looked at: a name has 253 characters at most. */
    private static final int MOST_CHARACTERS = 300;

    /** RFC 9110, section 7.2; an address of IPv6 may come without brackets where the container tells its own. */
    private static final Pattern AUTHORITY =
            Pattern.compile("(?<host>\\[[0-9a-f:.]+]|[0-9a-f.]*(?::[0-9a-f.]*){2,}|[^:\\[\\]]+?)\\.?(?::[0-9]*)?");

    private static final Pattern NEAR =
            Pattern.compile(".*:.*|[0-9]{1,3}(\\.[0-9]{1,3}){3}|[^.]+|([a-z0-9_-]+\\.)+(localhost|test|internal)");

    private final boolean all;
    private final List<String> listed;

    @Inject
    public Hosts(Settings settings) {
        List<String> origins = settings.access.origins();
        all = !settings.access.dev() || origins.contains("*");
        listed = origins.stream()
                .map(origin -> origin.replaceFirst("^[a-z]+://", "").replaceFirst(":[0-9]+$", ""))
                .toList();
    }

    /** @param authority a name or an address, with or without a port, in any case; a dot may end it */
    public boolean allow(String authority) {
        if (all) {
            return true;
        }
        if (authority.length() > MOST_CHARACTERS) {
            return false;
        }
        Matcher parts = AUTHORITY.matcher(authority.toLowerCase(Locale.ROOT));
        if (!parts.matches()) {
            return false;
        }
        String host = parts.group("host");
        return NEAR.matcher(host).matches() || listed.stream().anyMatch(entry -> isOf(entry, host));
    }

    /** {@code *.} stands for every subdomain, and not for the domain itself. */
    private static boolean isOf(String entry, String host) {
        return entry.startsWith("*.")
                ? host.endsWith(entry.substring(1)) && host.length() >= entry.length()
                : host.equals(entry);
    }
}
