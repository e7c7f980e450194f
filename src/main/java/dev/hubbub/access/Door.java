package dev.hubbub.access;

import dev.hubbub.cluster.Sanctions;
import dev.hubbub.cluster.Tickets;
import dev.hubbub.cluster.Unavailable;
import dev.hubbub.config.Access;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Refusal;
import dev.hubbub.protocol.UserId;
import dev.hubbub.session.Admission;
import dev.hubbub.session.Grant;
import dev.hubbub.session.Identity;
import dev.hubbub.token.ApiKeys;
import dev.hubbub.token.Tokens;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Tells who somebody is by what they bring, and whether the page they come from may connect. Without credentials nobody
 * gets in unless anonymous users may.
 */
@Singleton
public class Door {
    private final AnonymousIds anonymousIds;
    private final Tokens tokens;
    private final ApiKeys apiKeys;
    private final Tickets tickets;
    private final Sanctions sanctions;
    private final Origins origins;
    private final ClientAddress addresses;
    private final Refusals refusals;
    private final Access settings;
    private final boolean addressesCount;
    private final Clock clock;

    @Inject
    public Door(
            AnonymousIds anonymousIds,
            Tokens tokens,
            ApiKeys apiKeys,
            Tickets tickets,
            Sanctions sanctions,
            Origins origins,
            ClientAddress addresses,
            Refusals refusals,
            Settings settings,
            Clock clock) {
        this.anonymousIds = anonymousIds;
        this.tokens = tokens;
        this.apiKeys = apiKeys;
        this.tickets = tickets;
        this.sanctions = sanctions;
        this.origins = origins;
        this.addresses = addresses;
        this.refusals = refusals;
        this.settings = settings.access;
        this.addressesCount = settings.limits.enabled() && settings.hasPublishRates();
        this.clock = clock;
    }

    /** What the request brings. */
    private RequestCredentials credentials(HttpServletRequest request) {
        return RequestCredentials.of(request, settings.cookie());
    }

    EntryPace.Knock knock(HttpServletRequest request) {
        return credentials(request).knock();
    }

    /** Null where the page that asks may; a request that comes from no page is none's. */
    public @Nullable Refusal checkOrigin(HttpServletRequest request) {
        String origin = request.getHeader("Origin");
        return origin == null || origins.allow(origin)
                ? null
                : foreign(request, "the origin of the page is not among hubbub.origins");
    }

    private Refusal foreign(HttpServletRequest request, String message) {
        String page = Objects.requireNonNullElse(request.getHeader("Origin"), "no page");
        refusals.count(Refusals.Reason.ORIGIN, addresses.of(request) + " from " + page);
        return Refusal.of(ErrorCode.PERMISSION_DENIED, message);
    }

    /** For a WebSocket. */
    public CompletionStage<Admission> admit(HttpServletRequest request) {
        return admit(request, tickets::take);
    }

    /** For an event stream; {@code reconnect} where it was open before. */
    public CompletionStage<Admission> admitStream(HttpServletRequest request, boolean reconnect) {
        return admit(request, ticket -> tickets.takeForStream(ticket, reconnect));
    }

    private CompletionStage<Admission> admit(HttpServletRequest request, Function<String, Optional<String>> take) {
        Refusal refusal = checkOrigin(request);
        if (refusal != null) {
            return done(Admission.refused(refusal));
        }
        RequestCredentials brought = credentials(request);
        // before the cookie, which browsers add by themselves: whoever fetched a ticket means it
        CompletionStage<Admission> known = brought.bearer() == null && brought.ticket() != null
                ? done(redeem(brought.ticket(), brought, take))
                : byToken(brought, request);
        String address = addressesCount ? addresses.of(request) : "";
        return (known == null ? done(anonymous(brought, request)) : known)
                .thenApply(admission -> from(address, admission));
    }

    /** Where publishes are counted, anonymous users' count to their address: they are as many as they like. */
    private Admission from(String address, Admission admission) {
        return addressesCount
                        && admission instanceof Admission.Admitted admitted
                        && admitted.identity().kind() == Identity.Kind.ANONYMOUS
                ? Admission.of(admitted.identity().from(address))
                : admission;
    }

    /** Without credentials; a page must ask, for which an Origin that is allowed stands. */
    private Admission anonymous(RequestCredentials brought, HttpServletRequest request) {
        if (!settings.anonymous()) {
            return Admission.unauthenticated("credentials are needed");
        }
        if (!brought.isOfOurPage() && !settings.dev()) {
            return Admission.refused(foreign(request, "without an Origin a token or a ticket is needed"));
        }
        return Admission.of(returning(brought.anon()));
    }

    /** By a token that the request carries; null where it carries none. */
    private @Nullable CompletionStage<Admission> byToken(RequestCredentials brought, HttpServletRequest request) {
        if (brought.bearer() != null) {
            return login(brought.bearer());
        }
        if (brought.cookie() == null) {
            return null;
        }
        return brought.isOfOurPage()
                ? login(brought.cookie())
                : done(Admission.refused(foreign(request, "a cookie counts only with an Origin that is allowed")));
    }

    private Admission redeem(String ticket, RequestCredentials brought, Function<String, Optional<String>> take) {
        boolean anonymous = ticket.startsWith(AnonymousIds.PREFIX);
        try {
            return take.apply(anonymous ? ticket.substring(AnonymousIds.PREFIX.length()) : ticket)
                    .flatMap(holder -> TicketHolder.redeem(holder, brought))
                    .filter(identity -> anonymous == (identity.anon() != null)) // nobody passes for more than they are
                    .filter(identity -> identity.expiresAt() == 0 || identity.expiresAt() > clock.millis())
                    .map(identity -> identity.anon() == null ? identity : anonymous(identity.user(), identity.anon()))
                    .map(identity -> unlessRevoked(Admission.of(identity)))
                    .orElse(Admission.unauthenticated("the ticket is unknown, used or expired"));
        } catch (Unavailable e) {
            return Admission.refused(e.refusal());
        }
    }

    /** By a token alone, that comes from an address. */
    public CompletionStage<Admission> login(String token, String address) {
        return login(token).thenApply(admission -> from(address, admission));
    }

    private CompletionStage<Admission> login(String token) {
        if (ApiKeys.isMeant(token)) {
            return done(apiKeys.verify(token));
        }
        Optional<UserId> anonymous = settings.anonymous() ? anonymousIds.verify(token) : Optional.empty();
        return anonymous
                .map(user -> done(unlessRevoked(Admission.of(anonymous(user, token)))))
                .orElseGet(() -> tokens.verify(token).thenApply(this::unlessRevoked));
    }

    private Admission unlessRevoked(Admission admission) {
        return admission instanceof Admission.Admitted admitted
                        && sanctions.isRevoked(
                                admitted.identity().user(),
                                admitted.identity().grant().issuedAt())
                ? Admission.unauthenticated("the token was revoked")
                : admission;
    }

    /** For one HTTP request. Without credentials it is, in development mode, the backend's, else a new anonymous user's. */
    public CompletionStage<Admission> request(HttpServletRequest request) {
        Refusal refusal = checkOrigin(request);
        if (refusal != null) {
            return done(Admission.refused(refusal));
        }
        RequestCredentials brought = credentials(request);
        CompletionStage<Admission> known = byToken(brought, request);
        if (known == null && settings.dev()) {
            return done(Admission.of(new Identity(ApiKeys.BACKEND, null, Identity.Kind.BACKEND, Grant.ALL, null)));
        }
        String address = addressesCount ? addresses.of(request) : "";
        return (known == null ? done(anonymous(brought, request)) : known)
                .thenApply(admission -> from(address, admission));
    }

    /** Null where somebody may have a ticket: it is for users, and in development mode for anybody. */
    @Nullable
    Refusal checkTicket(Identity who) {
        if (!who.isBackend() || settings.dev()) {
            return null;
        }
        refusals.count(Refusals.Reason.PERMISSION, who.user() + " a ticket");
        return Refusal.of(ErrorCode.PERMISSION_DENIED, "a ticket is for a user's token, not for an API key");
    }

    /**
     * A ticket that lets its holder's identity in once; in development mode anybody may have a new one. Throws {@link
     * Unavailable}.
     *
     * @param origin the page that asked, which alone may use it then; null where none did
     */
    String ticket(Identity identity, @Nullable String origin) {
        Identity holder = identity.isBackend() ? returning(null) : identity;
        long end = holder.anon() == null ? holder.expiresAt() : anonymousIds.endsAt(holder.anon());
        String ticket = tickets.issue(TicketHolder.format(holder, end, origin));
        return holder.anon() == null ? ticket : AnonymousIds.PREFIX + ticket;
    }

    /** The anonymous user who was given this id, or another where it is nobody's. */
    private Identity returning(@Nullable String anon) {
        Optional<UserId> known = anon == null ? Optional.empty() : anonymousIds.verify(anon);
        return known.filter(user -> !sanctions.isRevoked(user, 0))
                .map(user -> anonymous(user, String.valueOf(anon)))
                .orElseGet(this::newAnonymous);
    }

    private Identity newAnonymous() {
        String signed = anonymousIds.issue();
        UserId user = anonymousIds.verify(signed).orElseThrow();
        return anonymous(user, signed);
    }

    private static Identity anonymous(UserId user, String signed) {
        return new Identity(user, null, Identity.Kind.ANONYMOUS, Grant.NONE, signed);
    }

    private static CompletionStage<Admission> done(Admission admission) {
        return CompletableFuture.completedFuture(admission);
    }
}
