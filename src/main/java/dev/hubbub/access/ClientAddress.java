package dev.hubbub.access;

import dev.hubbub.config.Access;
import dev.hubbub.config.ConfigurationException;
import dev.hubbub.config.Settings;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.servlet.http.HttpServletRequest;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a request comes from, for limits: the peer, or what proxies say that are trusted, read from the nearest to the
 * farthest and no further than to the first that is not trusted. They say it in one header, {@code X-Forwarded-For} or
 * {@code Forwarded} (RFC 7239), as is set: a proxy lets the other one pass as its client wrote it. So what a client writes
 * itself changes nothing. Of an IPv6 address the first 64 bits count: whoever has one has them all.
 */
@Singleton
public class ClientAddress {
    private static final Pattern HOST =
            Pattern.compile("\\[([0-9A-Fa-f:.]+)](?::\\d{1,5})?|(\\d[\\d.]*)(?::\\d{1,5})?|([0-9A-Fa-f:.]+)");
    private static final int PREFIX_BYTES = 8;
    /** Proxies in a row; more is nobody's set-up. */
    private static final int MOST_HOPS = 32;

    private final List<Network> trusted;
    private final String header;

    @Inject
    public ClientAddress(Settings settings) {
        header = settings.access.forwardedHeader();
        trusted = settings.access.trustedProxies().stream()
                .map(text -> Network.parse(text)
                        .orElseThrow(() -> new ConfigurationException(
                                "hubbub.trusted-proxies", text, "addresses or networks, separated by commas")))
                .toList();
    }

    /** The same text for all requests of one client, and for those that cannot be told from them. */
    public String of(HttpServletRequest request) {
        String peer = Objects.toString(request.getRemoteAddr(), "");
        Optional<InetAddress> address = Network.address(bare(peer));
        if (address.isEmpty()) {
            return peer;
        }
        InetAddress nearest = address.get();
        List<String> hops = trusted.isEmpty() ? List.of() : hops(request);
        for (int i = 0; i < Math.min(hops.size(), MOST_HOPS) && isTrusted(nearest); i++) {
            Optional<InetAddress> next = Network.address(bare(hops.get(i)));
            if (next.isEmpty()) {
                break; // the proxy does not say
            }
            nearest = next.get();
        }
        return key(nearest);
    }

    private boolean isTrusted(InetAddress address) {
        return trusted.stream().anyMatch(network -> network.contains(address));
    }

    /** From the nearest to the farthest. */
    private List<String> hops(HttpServletRequest request) {
        String all = String.join(",", Collections.list(request.getHeaders(header)));
        List<String> hops = new ArrayList<>();
        if (!header.equals(Access.FORWARDED)) {
            Arrays.stream(all.split(","))
                    .map(String::trim)
                    .filter(h -> !h.isEmpty())
                    .forEach(hops::add);
            Collections.reverse(hops);
            return hops;
        }
        for (String element : fromTheRight(all, ',')) {
            hops.add(fromTheRight(element, ';').stream()
                    .map(String::trim)
                    .filter(pair -> pair.regionMatches(true, 0, "for=", 0, 4))
                    .map(pair -> pair.substring(4).replace("\"", ""))
                    .findFirst()
                    .orElse(""));
        }
        return hops;
    }

    /**
     * What stands between separators that are in no quotes, the last first: it is read from there, since a proxy writes
     * behind what came, and a quote that a client has left open must not swallow that.
     */
    private static List<String> fromTheRight(String text, char separator) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int end = text.length();
        for (int i = text.length() - 1; i >= 0; i--) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == separator && !quoted) {
                parts.add(text.substring(i + 1, end));
                end = i;
            }
        }
        parts.add(text.substring(0, end));
        return parts;
    }

    private static String bare(String node) {
        Matcher host = HOST.matcher(node);
        if (!host.matches()) {
            return "";
        }
        return Objects.requireNonNullElse(
                host.group(1),
                Objects.requireNonNullElse(host.group(2), Objects.requireNonNullElse(host.group(3), "")));
    }

    private static String key(InetAddress address) {
        return address instanceof Inet6Address
                ? HexFormat.of().formatHex(address.getAddress(), 0, PREFIX_BYTES)
                : address.getHostAddress();
    }
}
