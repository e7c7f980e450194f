package dev.hubbub.hook;

import dev.hubbub.cluster.Outbox;
import dev.hubbub.config.Webhook;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The webhook's other end: one request for each batch, never redirected. Thread-safe. */
final class Receiver {
    /** What says that this very request will never do; others may pass with the next deployment. */
    private static final Set<Integer> FOR_GOOD = Set.of(400, 410, 413, 422);

    /** What it says to a batch. */
    sealed interface Answer {
        record Taken() implements Answer {}

        /** It will never take it. */
        record Refused(int status) implements Answer {}

        /** @param afterMs when it asks to be asked again; 0 where it does not say */
        record Later(String why, long afterMs) implements Answer {}
    }

    /** For the rest of an answer behind its head, in ms. */
    private static final long BODY_MS = 1_000;

    private final HttpClient client;
    private final Webhook settings;
    private final Signature signature;
    private final Clock clock;

    Receiver(Webhook settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        signature = new Signature(settings.secret());
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(Duration.ofMillis(settings.timeoutMs()))
                .build();
    }

    /** Never fails. */
    CompletableFuture<Answer> send(Outbox.Batch batch) {
        String events = batch.items().stream().map(Outbox.Item::text).collect(Collectors.joining(",", "[", "]"));
        String id = digest(events);
        String lost = batch.lost() > 0 ? ",\"lost\":" + batch.lost() : "";
        String body = "{\"id\":\"" + id + "\",\"events\":" + events + lost + "}";
        HttpRequest request = HttpRequest.newBuilder(URI.create(settings.url()))
                .timeout(Duration.ofMillis(settings.timeoutMs()))
                .header("Content-Type", "application/json")
                .header("User-Agent", "Hubbub")
                .header("Hubbub-Delivery", id)
                .header("Hubbub-Signature", signature.of(clock.millis() / 1000, body))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        CompletableFuture<HttpResponse<Void>> sent = client.sendAsync(request, HttpResponse.BodyHandlers.discarding());
        return sent.thenApply(this::answer)
                // the request's own time-out ends with the head of the answer
                .orTimeout(settings.timeoutMs() + BODY_MS, TimeUnit.MILLISECONDS)
                .exceptionally(failure -> {
                    sent.cancel(true);
                    return new Answer.Later(String.valueOf(failure), 0);
                });
    }

    /** The same for the same events, so that the receiver knows a repeat. */
    private static String digest(String events) {
        try {
            byte[] all = MessageDigest.getInstance("SHA-256").digest(events.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(all, 15));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JRE has it
        }
    }

    private Answer answer(HttpResponse<?> response) {
        int status = response.statusCode();
        if (status / 100 == 2) {
            return new Answer.Taken();
        }
        if (FOR_GOOD.contains(status)) {
            return new Answer.Refused(status);
        }
        return new Answer.Later(
                "status " + status,
                response.headers().firstValue("Retry-After").map(this::millis).orElse(0L));
    }

    /** RFC 9110, section 10.2.3: seconds, or a date; what is neither is as good as nothing. */
    private long millis(String retryAfter) {
        String text = retryAfter.trim();
        if (text.matches("[0-9]{1,9}")) {
            return TimeUnit.SECONDS.toMillis(Long.parseLong(text));
        }
        try {
            long at = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant()
                    .toEpochMilli();
            return Math.max(0, at - clock.millis());
        } catch (DateTimeParseException e) {
            return 0;
        }
    }
}
