package com.esperr.gateway.request;

import com.esperr.gateway.failure.FailureException;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.Authority;
import com.esperr.gateway.http.Cookies;
import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.NormalPath;
import com.esperr.gateway.http.PathRefusal;
import com.esperr.gateway.http.PathResult;
import com.esperr.gateway.http.PathRules;
import com.esperr.gateway.http.QueryParameters;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.http.RequestTarget;
import com.esperr.gateway.net.ClientAddress;
import com.esperr.gateway.net.ClientAddressRules;
import com.esperr.gateway.net.ForwardingFields;
import com.esperr.gateway.net.IpAddress;
import com.esperr.gateway.net.Peer;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the context of a request from its head: target taken apart, path normalised, host checked, client address and
 * route found, each once. Thread-safe.
 */
public final class RequestContexts {
    private static final NormalPath ASTERISK = new NormalPath("*", "*");
    /** Shorter text cannot hold more parameters or cookies than are parsed. */
    private static final int PADDING = 512;

    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    private final ClientAddressRules clients;
    private final PathRules paths;
    private final VirtualHosts hosts;
    private final String source;
    private final LongSupplier millis;
    private final UntrustedProxy untrusted;
    private final DescribedRequests described;
    private final BotLookup bots;
    private final @Nullable Traces traces;

    /** Contexts of requests to the gateway called {@code source}, with the time from {@code millis}; it knows no bots. */
    public RequestContexts(
            ClientAddressRules clients, PathRules paths, Routes routes, String source, LongSupplier millis) {
        this(clients, paths, routes, VirtualHosts.only(routes), source, millis, BotLookup.NONE);
    }

    /**
     * The same for a gateway with several sites that asks {@code bots} which of them a request comes from; {@code routes} are
     * those of requests that are only told of.
     */
    public RequestContexts(
            ClientAddressRules clients,
            PathRules paths,
            Routes routes,
            VirtualHosts hosts,
            String source,
            LongSupplier millis,
            BotLookup bots) {
        this(clients, paths, routes, hosts, source, millis, bots, null);
    }

    /** The same for a gateway that takes part in {@code traces}, unless that is null. */
    public RequestContexts(
            ClientAddressRules clients,
            PathRules paths,
            Routes routes,
            VirtualHosts hosts,
            String source,
            LongSupplier millis,
            BotLookup bots,
            @Nullable Traces traces) {
        this.bots = bots;
        this.traces = traces;
        this.clients = clients;
        this.paths = paths;
        this.hosts = hosts;
        this.source = source;
        this.millis = millis;
        this.described = new DescribedRequests(paths, routes, millis);
        this.untrusted = new UntrustedProxy(clients.trustsNobody());
    }

    /** The header in which trusted proxies name the visitor; nobody else may use it. */
    public String addressHeader() {
        return clients.addressHeader();
    }

    /** Whether {@code peer} is a proxy whose word counts. */
    public boolean trusts(Peer peer) {
        return clients.trusts(peer);
    }

    /**
     * The context of a request that was seen before, as {@link #of(RequestHead, Peer, String)} makes it, under the name it had then.
     *
     * @param id as {@link RequestContext#idempotencyKey} told it
     */
    public RequestContext again(RequestHead head, Peer peer, String scheme, UUID id) {
        return of(head, peer, scheme).called(RequestId.of(id));
    }

    /** A short reference id for something that has no context. */
    public String newReference() {
        return RequestId.random().reference();
    }

    /**
     * The context of a request with {@code head} that came from {@code peer} over a listener that speaks {@code scheme}.
     *
     * @throws FailureException if the target or the host cannot be decided on and forwarded as the same thing
     */
    public RequestContext of(RequestHead head, IpAddress peer, String scheme) {
        return of(head, Peer.direct(peer), scheme);
    }

    /**
     * The context of a request with {@code head} that came from {@code peer} over a listener that speaks {@code scheme}.
     *
     * @throws FailureException if the target or the host cannot be decided on and forwarded as the same thing
     */
    public RequestContext of(RequestHead head, Peer peer, String scheme) {
        if (Passages.circle(head.fields())) {
            throw new FailureException(
                    FailureReason.LOOP, "it came through this gateway " + Passages.MOST + " times, as its Via says");
        }
        RequestTarget target = RequestTarget.parse(head.target(), head.method());
        untrusted.look(head.fields(), peer.address());
        ClientAddress client = clients.resolve(peer, head.fields()::all);
        String spoken = client.peerTrusted()
                ? ForwardingFields.xForwardedProto(true, head.fields().all(FieldName.X_FORWARDED_PROTO), scheme)
                : scheme;
        Parts parts = parts(target, head, scheme);
        refusePadding(head, parts.query);
        ChallengeTraces.Taken taken = ChallengeTraces.take(head, parts.query);
        VirtualHost site = hosts.find(parts.asked == null ? "" : parts.asked.host(), parts.path.decide());
        if (site == null) {
            throw new FailureException(FailureReason.UNKNOWN_HOST, "no site has this host");
        }
        Routes.Match match = site.match(head.method(), parts.path.decide());
        RequestContext context = new RequestContext(
                taken.head(),
                parts.path,
                taken.query(),
                new RequestContext.Origination(
                        spoken,
                        parts.asked,
                        client,
                        peer.address(),
                        millis.getAsLong(),
                        site.source() == null ? source : site.source()),
                RequestId.random(),
                match.route(),
                match.parameters(),
                taken.traces());
        return context.at(site)
                .recognisedBy(bots)
                .tracedAs(traces == null ? null : traces.begin(taken.head().fields()));
    }

    /**
     * The context of a request that was not received but told of. A text that is empty, or an address that is missing, is
     * absent: no policy that asks for it matches.
     *
     * @throws DescriptionException if it is not the description of a request; it names the member that is wrong
     */
    public RequestContext described(RequestDescription description) {
        return described.context(description);
    }

    /** Padding must not push a parameter or cookie beyond what a policy sees; only long ones are worth a look. */
    private static void refusePadding(RequestHead head, @Nullable String query) {
        boolean padded = query != null
                && query.length() >= PADDING
                && QueryParameters.parse(query).truncated();
        Fields fields = head.fields();
        int cookie = fields.indexOf(FieldName.COOKIE, 0);
        boolean several = cookie >= 0 && fields.indexOf(FieldName.COOKIE, cookie + 1) >= 0;
        boolean large = cookie >= 0 && (several || fields.lineEnd(cookie) - fields.lineStart(cookie) >= PADDING);
        if (padded || (large && Cookies.parse(fields.all(FieldName.COOKIE)).truncated())) {
            throw new FailureException(
                    FailureReason.TOO_MANY_PARAMETERS, "more query parameters or cookies than are looked at");
        }
    }

    private Parts parts(RequestTarget target, RequestHead head, String scheme) {
        if (target instanceof RequestTarget.OriginForm origin) {
            return new Parts(path(origin.path()), origin.query(), host(head, null, scheme));
        }
        if (target instanceof RequestTarget.AbsoluteForm absolute) {
            return new Parts(
                    path(absolute.path()), absolute.query(), host(head, absolute.authority(), absolute.scheme()));
        }
        if (target instanceof RequestTarget.AsteriskForm asterisk) {
            return new Parts(ASTERISK, null, host(head, asterisk.authority(), scheme));
        }
        throw new FailureException(FailureReason.PATH_REFUSED, ((RequestTarget.Malformed) target).text());
    }

    private NormalPath path(String raw) {
        PathResult result = paths.normalise(raw);
        if (result instanceof NormalPath normal) {
            return normal;
        }
        throw new FailureException(FailureReason.PATH_REFUSED, ((PathRefusal) result).text());
    }

    /** The authority that was asked for; Host and absolute-form have to agree (RFC 9112 section 3.2.2). */
    private static @Nullable Authority host(RequestHead head, @Nullable Authority absolute, String scheme) {
        String value = head.fields().get(FieldName.HOST);
        if (value == null) {
            return absolute;
        }
        Authority host = Authority.parseOrNull(value);
        if (host == null) {
            throw new FailureException(FailureReason.INVALID_HOST, "Host is not a host with an optional port");
        }
        int defaultPort = scheme.equals("https") ? HTTPS_PORT : HTTP_PORT;
        if (absolute != null && !absolute.sameAs(host, defaultPort)) {
            throw new FailureException(FailureReason.INVALID_HOST, "Host and the request target differ");
        }
        return host;
    }

    private record Parts(
            NormalPath path,
            @Nullable String query,
            @Nullable Authority asked) {}
}
