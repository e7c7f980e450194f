package dev.hubbub.access;

import dev.hubbub.cluster.Tickets;
import dev.hubbub.cluster.Unavailable;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Refusal;
import dev.hubbub.protocol.UserId;
import dev.hubbub.session.Identity;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Tells who somebody is by what they bring. Without credentials nobody gets in unless anonymous users may. */
@Singleton
public class Door {
    /** What a handshake or a request brings; null where it does not. */
    public record Credentials(
            @Nullable String bearer,
            @Nullable String ticket,
            @Nullable String anon) {}

    private static final UserId BACKEND = new UserId("backend");

    private final AnonymousIds anonymousIds;
    private final Tickets tickets;
    private final Settings.Access settings;

    @Inject
    public Door(AnonymousIds anonymousIds, Tickets tickets, Settings settings) {
        this.anonymousIds = anonymousIds;
        this.tickets = tickets;
        this.settings = settings.access;
    }

    /** For a WebSocket. */
    public Admission admit(Credentials credentials) {
        return admit(credentials, tickets::take);
    }

    /** For an event stream; {@code reconnect} where it was open before. */
    public Admission admitStream(Credentials credentials, boolean reconnect) {
        return admit(credentials, ticket -> tickets.takeForStream(ticket, reconnect));
    }

    private Admission admit(Credentials credentials, Function<String, Optional<String>> take) {
        if (credentials.bearer() != null) {
            return login(credentials.bearer());
        }
        if (credentials.ticket() != null) {
            return redeem(credentials.ticket(), take);
        }
        if (!settings.anonymous()) {
            return refused("credentials are needed");
        }
        String anon = credentials.anon();
        Optional<UserId> known = anon == null ? Optional.empty() : anonymousIds.verify(anon);
        return new Admission.Admitted(
                known.map(user -> anonymous(user, String.valueOf(anon))).orElseGet(this::newAnonymous));
    }

    private static Admission redeem(String ticket, Function<String, Optional<String>> take) {
        try {
            return take.apply(ticket)
                    .<Admission>map(holder -> new Admission.Admitted(TicketHolder.parse(holder)))
                    .orElse(refused("the ticket is unknown, used or expired"));
        } catch (Unavailable e) {
            return new Admission.Refused(e.refusal());
        }
    }

    /** By a token alone. */
    public Admission login(String token) {
        Optional<UserId> anonymous = settings.anonymous() ? anonymousIds.verify(token) : Optional.empty();
        return anonymous
                .<Admission>map(user -> new Admission.Admitted(anonymous(user, token)))
                .orElse(refused("the token is not valid"));
    }

    /** For one HTTP request. Without credentials it is, in development mode, the backend's, else a new anonymous user's. */
    public Admission request(@Nullable String bearer) {
        if (bearer != null) {
            return login(bearer);
        }
        if (settings.dev()) {
            return new Admission.Admitted(new Identity(BACKEND, null, Identity.Kind.BACKEND, 0, null));
        }
        return settings.anonymous() ? new Admission.Admitted(newAnonymous()) : refused("credentials are needed");
    }

    /** A ticket that lets its holder's identity in once; in development mode anybody may have a new one. Throws {@link Unavailable}. */
    public String ticket(Identity identity) {
        Identity holder = identity.isBackend() ? newAnonymous() : identity;
        return tickets.issue(TicketHolder.format(holder));
    }

    private Identity newAnonymous() {
        String signed = anonymousIds.issue();
        UserId user = anonymousIds.verify(signed).orElseThrow();
        return anonymous(user, signed);
    }

    private static Identity anonymous(UserId user, String signed) {
        return new Identity(user, null, Identity.Kind.ANONYMOUS, 0, signed);
    }

    private static Admission refused(String message) {
        return new Admission.Refused(Refusal.of(ErrorCode.UNAUTHENTICATED, message));
    }
}
