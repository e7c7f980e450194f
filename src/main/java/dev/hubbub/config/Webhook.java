package dev.hubbub.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What is told to a team's own code, and to its webhook.
 *
 * @param observed events that may wait for observers
 * @param url empty where there is no webhook
 * @param events the kinds of events that it is told, in lower case
 */
public record Webhook(
        int observed,
        String url,
        String secret,
        Set<String> events,
        int batch,
        int queue,
        long timeoutMs,
        long retryMs) {
    private static final Pattern SECRET = Pattern.compile("|.{32,}");
    private static final Pattern URL =
            Pattern.compile("|https://\\S+|http://(localhost|127\\.0\\.0\\.1|\\[::1])(:[0-9]{1,5})?(/\\S*)?");

    /** Whether there is one. */
    public boolean isUsed() {
        return !url.isEmpty();
    }

    static Webhook of(Source source) {
        String url = source.matching(HookKeys.URL, URL);
        if (!url.isEmpty() && !hasHost(url)) {
            throw Source.wrong(HookKeys.URL, url.contains("@") ? "(hidden)" : url);
        }
        String secret = source.matching(HookKeys.SECRET, SECRET);
        if (!url.isEmpty() && secret.isEmpty()) {
            throw Source.wrong(HookKeys.SECRET, "");
        }
        List<String> known = List.of(HookKeys.EVENTS.byDefault().split(","));
        List<String> events = source.list(HookKeys.EVENTS, known::contains);
        if (events.isEmpty()) {
            throw Source.wrong(HookKeys.EVENTS, "");
        }
        return new Webhook(
                source.number(HookKeys.EVENTS_QUEUE),
                url,
                secret,
                Set.copyOf(events),
                source.number(HookKeys.BATCH),
                source.number(HookKeys.QUEUE),
                source.millis(HookKeys.TIMEOUT),
                source.millis(HookKeys.RETRY_FOR));
    }

    private static boolean hasHost(String url) {
        try {
            return new URI(url).getHost() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
