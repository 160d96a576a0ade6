package com.esperr.gateway.request;

import com.esperr.gateway.http.Authority;
import com.esperr.gateway.http.Cookies;
import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.NormalPath;
import com.esperr.gateway.http.QueryParameters;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.net.AddressSource;
import com.esperr.gateway.net.ClientAddress;
import com.esperr.gateway.net.IpAddress;
import com.esperr.gateway.tls.TlsSession;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is known about one request when it is decided on. The facts never change, except that the beginning of the body
 * may become known before anybody is asked; cookies and query parameters are parsed when something first reads them, so an instance is confined to the event loop of its connection until it is finished.
 */
public final class RequestContext {
    private final RequestHead head;
    private final NormalPath path;
    private final @Nullable String rawQuery;
    private final Origination origination;
    private final String authority;
    private RequestId id;
    private final Route route;
    private final Map<String, String> routeParameters;
    private final ChallengeTraces traces;

    private VirtualHost site = VirtualHost.only(Routes.NONE);
    private BodyFields bodyFields = BodyFields.NONE;
    private @Nullable TlsSession tls;
    private BotLookup bots = BotLookup.NONE;
    private int passLevel;
    private @Nullable BotFacts bot;
    private @Nullable Trace trace;
    private @Nullable WindowCount windows;
    private @Nullable String userAgent;
    private @Nullable Cookies cookies;
    private boolean described;
    private long toldAtMillis;
    private @Nullable String returnUrl;
    private @Nullable QueryParameters query;

    RequestContext(
            RequestHead head,
            NormalPath path,
            @Nullable String rawQuery,
            Origination origination,
            RequestId id,
            Route route,
            Map<String, String> routeParameters,
            ChallengeTraces traces) {
        this.head = head;
        this.path = path;
        this.rawQuery = rawQuery;
        this.origination = origination;
        this.authority = origination.asked() == null ? "" : origination.asked().toString();
        this.id = id;
        this.route = route;
        this.routeParameters = routeParameters;
        this.traces = traces;
    }

    /** The head as it was received, but for {@link #traces}. */
    public RequestHead head() {
        return head;
    }

    /** The method token, case kept. */
    public String method() {
        return head.method();
    }

    /** The header lines. */
    public Fields fields() {
        return head.fields();
    }

    /** The path that is decided on: normalised and percent-decoded. */
    public String path() {
        return path.decide();
    }

    /** The path that is forwarded; decodes to exactly {@link #path()}. */
    public String forwardPath() {
        return path.forward();
    }

    /** The query string without its question mark and without proofs, byte-exact, or null when there is none. */
    public @Nullable String rawQuery() {
        return rawQuery;
    }

    /** The path and query that are forwarded. */
    public String forwardTarget() {
        return rawQuery == null ? path.forward() : path.forward() + '?' + rawQuery;
    }

    /** {@code http} or {@code https}, as the visitor spoke it (a trusted proxy's word counts). */
    public String scheme() {
        return origination.scheme();
    }

    /** The host and optional port that the visitor asked for; empty for an HTTP/1.0 request without Host. */
    public String authority() {
        return authority;
    }

    /** The same without the port, which cookies do not know either. */
    public String host() {
        Authority asked = origination.asked();
        return asked == null ? "" : asked.host();
    }

    /** The absolute URL that the visitor asked for. */
    public String url() {
        return scheme() + "://" + authority() + forwardTarget();
    }

    /** Who the visitor is and how that is known. */
    public ClientAddress client() {
        return origination.client();
    }

    /** The other end of the connection. */
    public IpAddress peer() {
        return origination.peer();
    }

    /** The first User-Agent value, or null. */
    public @Nullable String userAgent() {
        String known = userAgent;
        if (known == null) {
            known = fields().get(FieldName.USER_AGENT);
            userAgent = known;
        }
        return known;
    }

    /** The X-Esper-Hybrid-Key, which only a trusted hop can send: a visitor's own is not even seen; else null. */
    public @Nullable String hybridKey() {
        // Of two, a hop that appends instead of replacing has let one through that a visitor wrote.
        return client().peerTrusted() && fields().count(FieldName.X_ESPER_HYBRID_KEY) == 1
                ? fields().get(FieldName.X_ESPER_HYBRID_KEY)
                : null;
    }

    /** When the head was received, epoch milliseconds. */
    public long observedAtMillis() {
        return origination.observedAtMillis();
    }

    /**
     * When the request counts as having happened, epoch milliseconds: when its head was received, or when somebody told of
     * it, as those who tell have clocks of their own and some tell late.
     */
    public long countedAtMillis() {
        return described ? toldAtMillis : observedAtMillis();
    }

    /** The name of this gateway in Esper's vocabulary: field {@code source_id}. */
    public String source() {
        return origination.source();
    }

    /** The short reference id that is shown to the visitor and stands in the log. */
    public String reference() {
        return id.reference();
    }

    /** The id under which Esper recognises a repeated question about this request. */
    public UUID idempotencyKey() {
        return id.uuid();
    }

    /** The site that the visitor asked for. */
    public VirtualHost site() {
        return site;
    }

    /** It is the request that was called {@code known} before. */
    RequestContext called(RequestId known) {
        id = known;
        return this;
    }

    /** It is a request to {@code found}. */
    RequestContext at(VirtualHost found) {
        site = found;
        return this;
    }

    /** The route that the path falls under. */
    public Route route() {
        return route;
    }

    /** How much is at stake. */
    public Tier tier() {
        return route.tier();
    }

    /** The segments that the route's template captured, by name. */
    public Map<String, String> routeParameters() {
        return routeParameters;
    }

    /** What the visitor brings along from challenges, and nobody else sees. */
    public ChallengeTraces traces() {
        return traces;
    }

    /** What is known of the body; nothing unless it was looked into before the decision. */
    public BodyFields bodyFields() {
        return bodyFields;
    }

    /** The beginning of the body was looked into; called before anybody is asked. */
    public void bodyFields(BodyFields found) {
        bodyFields = found;
    }

    /** The TLS that the visitor speaks with this gateway, or null if he speaks none. */
    public @Nullable TlsSession tls() {
        return tls;
    }

    /** The visitor speaks TLS; called before anybody is asked. */
    public void tls(@Nullable TlsSession session) {
        tls = session;
    }

    /** The level of the pass that counted, 0 if none did or none was looked at. */
    public int passLevel() {
        return passLevel;
    }

    /** A pass of that level counts. */
    public void passLevel(int level) {
        passLevel = level;
    }

    /** What windows said in which it was counted, the last one first, or null. */
    public @Nullable WindowCount windows() {
        return windows;
    }

    /** What was said since {@code before} is forgotten: those windows were asked by somebody who decides nothing. */
    public void countedAsBefore(@Nullable WindowCount before) {
        windows = before;
    }

    /** It was counted in the window of that clause. */
    public void counted(String policy, String clause, int count) {
        windows = new WindowCount(policy, clause, count, windows);
    }

    /** This request was told of, with these cookies, by somebody who knows where the visitor comes back to, or does not. */
    void describedAs(@Nullable String toldReturnUrl, Cookies toldCookies, long nowMillis) {
        described = true;
        toldAtMillis = nowMillis;
        returnUrl = toldReturnUrl;
        cookies = toldCookies;
    }

    /** Whether this was told of instead of received. */
    boolean described() {
        return described;
    }

    /** What was told as the URL that the visitor comes back to, or null. */
    @Nullable
    String toldReturnUrl() {
        return returnUrl;
    }

    /** The visitor's address, or null if the request was described without one. */
    public @Nullable IpAddress clientAddress() {
        ClientAddress client = client();
        return client.source() == AddressSource.UNKNOWN ? null : client.address();
    }

    /** Which bot the request comes from; found out on first use and the same from then on. */
    public BotFacts bot() {
        BotFacts found = bot;
        if (found == null) {
            found = bots.of(this);
            bot = found;
        }
        return found;
    }

    /** Who can say which bot the request comes from. */
    RequestContext recognisedBy(BotLookup lookup) {
        bots = lookup;
        return this;
    }

    RequestContext tracedAs(@Nullable Trace known) {
        trace = known;
        return this;
    }

    /** Our part of the trace that it belongs to, or null if the gateway takes part in none. */
    public @Nullable Trace trace() {
        return trace;
    }

    /** The cookies, parsed on first use. */
    public Cookies cookies() {
        Cookies parsed = cookies;
        if (parsed == null) {
            parsed = Cookies.parse(fields().all(FieldName.COOKIE));
            cookies = parsed;
        }
        return parsed;
    }

    /** The query parameters, parsed on first use. */
    public QueryParameters query() {
        QueryParameters parsed = query;
        if (parsed == null) {
            parsed = QueryParameters.parse(rawQuery);
            query = parsed;
        }
        return parsed;
    }

    /**
     * Where and when a request arrived.
     *
     * @param scheme {@code http} or {@code https}
     * @param asked host and optional port, or null
     * @param client the visitor
     * @param peer the other end of the connection
     * @param observedAtMillis epoch milliseconds
     * @param source this gateway's name
     */
    record Origination(
            String scheme,
            @Nullable Authority asked,
            ClientAddress client,
            IpAddress peer,
            long observedAtMillis,
            String source) {}
}
