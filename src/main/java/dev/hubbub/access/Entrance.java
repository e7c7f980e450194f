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
 * the credentials, a team's own code.
 */
@Singleton
public class Entrance {
    private final Handshakes handshakes;
    private final EntryPace pace;
    private final Door door;
    private final Permissions permissions;
    private final RequestRates rates;
    private final EntryThreads threads;
    private final Refusals refusals;

    @Inject
    public Entrance(
            Handshakes handshakes,
            EntryPace pace,
            Door door,
            Permissions permissions,
            RequestRates rates,
            EntryThreads threads,
            Refusals refusals) {
        this.handshakes = handshakes;
        this.pace = pace;
        this.door = door;
        this.permissions = permissions;
        this.rates = rates;
        this.threads = threads;
        this.refusals = refusals;
    }

    /** Whether a handshake may be looked at at all; null where it may. */
    public @Nullable Refusal check(HttpServletRequest request, String address) {
        Refusal refusal = handshakes.take(address);
        if (refusal == null) {
            refusal = door.checkOrigin(request);
        }
        // before anything is spent on those for whom there is no place
        return refusal == null ? pace.check(door.knock(request), address) : refusal;
    }

    /** For a WebSocket that says later who it is; null where it may. */
    public @Nullable Refusal admitUnknown(Caps.Place place) {
        return place.take(EntryPace.Knock.STRANGER);
    }

    /**
     * For a WebSocket; waits.
     *
     * @param place what it has taken, which is counted to its user before anybody else is asked; the caller gives it back
     *     where the handshake is refused
     */
    public Admission admit(HttpServletRequest request, Caps.Place place) {
        // its own thread may wait, so it does not leave that to whoever fetches the key
        return await(
                connected(once(request), () -> CompletableFuture.completedFuture(await(door.admit(request))), place));
    }

    /** The same for an event stream, and nobody waits; {@code reconnect} where it was open before. Never fails. */
    public CompletionStage<Admission> admitStream(HttpServletRequest request, boolean reconnect, Caps.Place place) {
        return connected(once(request), () -> door.admitStream(request, reconnect), place);
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
                .thenApply(admission -> address.isEmpty() ? admission : unlessTooOften(admission))
                .thenCompose(permissions::unlessShutOut)
                .exceptionally(failure -> Admission.refused(Unavailable.refusal(failure)))
                .thenApply(this::counted);
    }

    private Admission unlessTooOften(Admission admission) {
        Refusal tooMany =
                admission instanceof Admission.Admitted admitted ? handshakes.take(admitted.identity()) : null;
        return tooMany == null ? admission : Admission.refused(tooMany);
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

    /** Who comes with what is good once; null where what they bring can be shown again. */
    private EntryPace.@Nullable Knock once(HttpServletRequest request) {
        EntryPace.Knock knock = door.knock(request);
        return knock.hasTicket() ? knock : null;
    }

    /** @param once is not used up where there is no place; others take theirs when it is known who they are */
    private CompletionStage<Admission> connected(
            EntryPace.@Nullable Knock once, Supplier<CompletionStage<Admission>> credentials, Caps.Place place) {
        Refusal tooMany = once == null ? null : place.take(once);
        if (tooMany != null) {
            return CompletableFuture.completedFuture(Admission.refused(tooMany));
        }
        return enter(begin(credentials).toCompletableFuture(), place)
                .thenCompose(permissions::unlessShutOut)
                .exceptionally(failure -> Admission.refused(Unavailable.refusal(failure)))
                .thenApply(this::counted);
    }

    /** What is known at once is counted by whoever came with it, and nothing by whoever found it out. */
    private CompletionStage<Admission> enter(CompletableFuture<Admission> known, Caps.Place place) {
        return known.isDone()
                ? known.thenApply(admission -> entered(admission, place))
                : known.thenCompose(admission -> enterElsewhere(admission, place));
    }

    private CompletionStage<Admission> enterElsewhere(Admission admission, Caps.Place place) {
        if (admission instanceof Admission.Refused) {
            return CompletableFuture.completedFuture(admission);
        }
        CompletableFuture<Admission> begun = new CompletableFuture<>();
        CompletionStage<Admission> entered = begun.thenApply(who -> entered(who, place));
        return threads.run(() -> begun.complete(admission))
                ? entered
                : CompletableFuture.completedFuture(Admission.refused(EntryThreads.BUSY));
    }

    /** One user's handshakes that others decide about are no more than that user's connections may be. */
    private Admission entered(Admission admission, Caps.Place place) {
        Refusal refusal = admission instanceof Admission.Admitted admitted ? enter(admitted.identity(), place) : null;
        return refusal == null ? admission : Admission.refused(refusal);
    }

    private @Nullable Refusal enter(Identity who, Caps.Place place) {
        Refusal refusal = handshakes.take(who);
        if (refusal == null) {
            refusal = place.enter(who);
        }
        return refusal == null ? place.take(EntryPace.Knock.of(who.kind() == Identity.Kind.ANONYMOUS, false)) : refusal;
    }

    /**
     * Whether somebody may have a ticket now; null where so. Where there would be no place with it there is none to be had
     * either: this call tells a browser when to come back, which a handshake cannot.
     */
    public @Nullable Refusal checkTicket(Identity who, String address) {
        Refusal refusal = door.checkTicket(who);
        if (refusal == null) {
            refusal = handshakes.check(who);
        }
        boolean stranger = who.kind() != Identity.Kind.USER; // a backend, in development mode, gets an anonymous user's
        return refusal == null ? pace.check(EntryPace.Knock.of(stranger, false), address) : refusal;
    }

    /** As {@link Door#ticket}. */
    public String ticket(Identity who, @Nullable String origin) {
        return door.ticket(who, origin);
    }

    /** As {@link Permissions#checkJoin}, but never fails. */
    public CompletionStage<Permissions.Entry> join(Identity who, RoomName room, Permissions.Wish wish) {
        return CompletableFuture.completedFuture(true)
                .thenCompose(begun -> permissions.checkJoin(who, room, wish))
                .exceptionally(failure -> new Permissions.Entry(Unavailable.refusal(failure), null, false));
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
