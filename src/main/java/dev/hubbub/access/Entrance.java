package dev.hubbub.access;

import dev.hubbub.cluster.Unavailable;
import dev.hubbub.protocol.Refusal;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.session.Admission;
import dev.hubbub.session.Identity;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What every handshake goes through, of a WebSocket and of an event stream: how fast its address comes, the page's origin,
 * the credentials, a team's own code. Waits for all of it, in a thread that may.
 */
@Singleton
public class Entrance {
    private final Handshakes handshakes;
    private final Door door;
    private final Permissions permissions;
    private final RequestRates rates;
    private final Refusals refusals;

    @Inject
    public Entrance(Handshakes handshakes, Door door, Permissions permissions, RequestRates rates, Refusals refusals) {
        this.handshakes = handshakes;
        this.door = door;
        this.permissions = permissions;
        this.rates = rates;
        this.refusals = refusals;
    }

    /** Whether a handshake may be looked at at all; null where it may. */
    public @Nullable Refusal check(HttpServletRequest request, String address) {
        Refusal tooFast = handshakes.take(address);
        if (tooFast != null) {
            return tooFast;
        }
        return door.checkOrigin(request);
    }

    /** For a WebSocket. */
    public Admission admit(HttpServletRequest request) {
        return connected(() -> door.admit(request));
    }

    /** For an event stream; {@code reconnect} where it was open before. */
    public Admission admitStream(HttpServletRequest request, boolean reconnect) {
        return connected(() -> door.admitStream(request, reconnect));
    }

    /**
     * For a request to the API. One whose credentials are no good counts as a handshake does, and is refused as one; where
     * an address has had too many of these, no credentials are looked at until it may come again.
     */
    public Admission admitRequest(HttpServletRequest request, String address) {
        // a count of its own: whoever has good credentials is not in the way of handshakes, nor these in theirs
        String attempts = "api " + address;
        Refusal tooMany = handshakes.check(attempts);
        if (tooMany != null) {
            return Admission.refused(tooMany);
        }
        Admission admission;
        try {
            admission = counted(await(begin(() -> door.request(request))));
        } catch (Unavailable e) {
            return Admission.refused(e.refusal());
        }
        Refusal refusal = admission instanceof Admission.Refused
                ? handshakes.take(attempts)
                : rates.take(((Admission.Admitted) admission).identity(), address);
        return refusal == null ? admission : Admission.refused(refusal);
    }

    /**
     * By a token that comes later than the handshake. Never fails, and never waits.
     *
     * @param address where it comes from; empty where that is known of who is there already
     */
    public CompletionStage<Admission> login(String token, String address) {
        return begin(() -> door.login(token, address))
                .thenCompose(permissions::unlessShutOut)
                .exceptionally(failure -> Admission.refused(Unavailable.refusal(failure)))
                .thenApply(this::counted);
    }

    private Admission counted(Admission admission) {
        if (admission instanceof Admission.Refused refused) {
            refusals.count(refused.refusal());
        }
        return admission;
    }

    /** What is thrown at once, and what fails later, are the same. */
    private static CompletionStage<Admission> begin(Supplier<CompletionStage<Admission>> credentials) {
        return CompletableFuture.completedFuture(true).thenCompose(begun -> credentials.get());
    }

    private Admission connected(Supplier<CompletionStage<Admission>> credentials) {
        try {
            return counted(await(begin(credentials).thenCompose(permissions::unlessShutOut)));
        } catch (Unavailable e) {
            return Admission.refused(e.refusal());
        }
    }

    /** As {@link Permissions#checkJoin}. */
    public Permissions.Entry join(Identity who, RoomName room, Permissions.Wish wish) {
        try {
            return await(permissions.checkJoin(who, room, wish));
        } catch (Unavailable e) {
            return new Permissions.Entry(e.refusal(), null, false);
        }
    }

    /** Every stage here ends in a time of its own. */
    private static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException | CancellationException e) {
            if (e.getCause() instanceof Unavailable unavailable) {
                throw unavailable;
            }
            throw e;
        }
    }
}
