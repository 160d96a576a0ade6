package com.esperr.gateway.proxy;

import com.esperr.gateway.attestation.Attestations;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.BodyLength;
import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.HttpVersion;
import com.esperr.gateway.http1.FieldTokens;
import com.esperr.gateway.http1.HeadWriter;
import com.esperr.gateway.net.ForwardingFields;
import com.esperr.gateway.request.Passages;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.Trace;
import com.esperr.gateway.request.TraceParent;
import com.esperr.gateway.tls.TlsSession;
import com.esperr.gateway.upstream.OriginEndpoint;
import io.netty.buffer.ByteBuf;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes the head that the origin sees: what the visitor sent, less what concerns only the visitor's connection and what
 * a visitor could use to speak in a proxy's name, and what we know about the visitor. Immutable; unchanged lines are copied
 * in runs.
 */
final class RequestForwarding {
    /** Fields by which frameworks let a proxy override what the request says; nobody but a trusted proxy may. */
    private static final Set<String> IMPERSONATION = Set.of(
            "x-real-ip",
            "x-client-ip",
            "x-cluster-client-ip",
            "x-originating-ip",
            "x-remote-ip",
            "x-remote-addr",
            "x-azure-clientip",
            "x-azure-socketip",
            "x-appengine-user-ip",
            "client-ip",
            "true-client-ip",
            "cf-connecting-ip",
            "cf-connecting-ipv6",
            "fastly-client-ip",
            "fly-client-ip",
            "x-rewrite-url",
            "x-url-scheme",
            "x-host",
            "x-http-host-override",
            "x-nf-client-connection-ip",
            "x-sucuri-clientip",
            "x-vercel-forwarded-for",
            "do-connecting-ip",
            "http-client-ip",
            "http-x-forwarded-for",
            "proxy-client-ip",
            "wl-proxy-client-ip",
            "x-envoy-external-address",
            "front-end-https");

    /** Families of such fields: what else was forwarded, from the certificate to the user, and what was asked for first. */
    private static final String FORWARDED_PREFIX = "x-forwarded";

    private static final String ORIGINAL_PREFIX = "x-original-";

    private final ForwardConfig config;
    private final String addressHeader;
    private final String via;
    private final String viaElement;
    private final @Nullable Attestations attestations;

    RequestForwarding(ForwardConfig config, String addressHeader, @Nullable Attestations attestations) {
        this.config = config;
        this.addressHeader = addressHeader;
        this.attestations = attestations;
        this.via = Passages.told(config.via());
        this.viaElement = "1.1 " + via;
    }

    /**
     * Where a request goes.
     *
     * @param host the Host header of that place
     * @param rewritten whether that one is sent instead of the visitor's
     * @param protocol what the origin is asked to change to, or null
     */
    record Destination(
            String host, boolean rewritten, @Nullable String protocol) {
        static Destination of(OriginEndpoint endpoint, @Nullable String protocol) {
            return new Destination(endpoint.hostHeader(), endpoint.rewritesHost(), protocol);
        }
    }

    /** Writes the whole head to {@code out}, which stays the caller's. */
    void write(ByteBuf out, RequestContext request, Decision decision, Destination to) {
        Fields fields = request.fields();
        boolean trusted = request.client().peerTrusted();
        HeadWriter.requestLine(out, request.method(), request.forwardTarget());
        ConnectionOptions options = ConnectionOptions.of(fields);
        boolean ourHost = to.rewritten || !hostIsDecided(fields, request.authority());
        boolean http11 = request.head().version() != HttpVersion.HTTP_1_0;
        boolean counted = MaxForwards.counts(request.head());
        Trace trace = request.trace();
        int runStart = 0;
        for (int i = 0; i < fields.size(); i++) {
            boolean host = fields.known(i) == FieldName.HOST;
            boolean passes = passes(fields, i, trusted, counted, http11) && (trace == null || !traces(fields, i));
            if (host ? ourHost : !passes || nominated(options, fields, i)) {
                HeadWriter.lines(out, fields, runStart, i);
                runStart = i + 1;
            }
        }
        HeadWriter.lines(out, fields, runStart, fields.size());
        if (counted) {
            HeadWriter.field(out, FieldName.MAX_FORWARDS, MaxForwards.left(request.head()) - 1);
        }
        // HTTP/1.0 may come without a host; what we send is HTTP/1.1 and must have one (RFC 9112 section 3.2).
        String host = to.rewritten || request.authority().isEmpty() ? to.host : request.authority();
        if (ourHost) {
            HeadWriter.field(out, FieldName.HOST, host);
        }
        if (trace != null) {
            write(out, trace);
        }
        writeOurs(out, request, trusted, decision, to.protocol);
        if (attestations != null) {
            HeadWriter.field(out, Attestations.FIELD, attestations.of(request, decision, host));
        }
        HeadWriter.end(out);
    }

    /** The origin's parent is our question to it, whatever the visitor's was. */
    private static void write(ByteBuf out, Trace trace) {
        HeadWriter.field(out, TraceParent.FIELD, trace.forOrigin());
        String state = trace.state();
        if (state != null) {
            HeadWriter.field(out, Trace.STATE_FIELD, state);
        }
    }

    private static boolean traces(Fields fields, int i) {
        return fields.nameEquals(i, TraceParent.FIELD) || fields.nameEquals(i, Trace.STATE_FIELD);
    }

    /**
     * The signed word on {@code request} for an origin that it reaches by another proxy, or null if there is no key. That proxy
     * forwards host and target as its visitor has spelled them, proofs included, so it is those that the origin can compare.
     */
    @Nullable
    String attestation(RequestContext request, Decision decision) {
        if (attestations == null) {
            return null;
        }
        String host = request.fields().get(FieldName.HOST);
        String target = request.head().target();
        return attestations.of(
                request,
                decision,
                host == null ? request.authority() : host,
                target.startsWith("/") ? target : request.forwardTarget());
    }

    /** Whether the Host line says what was decided on: another spelling, such as a closing dot, is written anew. */
    private static boolean hostIsDecided(Fields fields, String authority) {
        int at = fields.indexOf(FieldName.HOST, 0);
        return at >= 0 && fields.valueEqualsIgnoreCase(at, authority);
    }

    private void writeOurs(
            ByteBuf out, RequestContext request, boolean trusted, Decision decision, @Nullable String protocol) {
        Fields fields = request.fields();
        if (protocol != null) {
            HeadWriter.field(out, FieldName.CONNECTION, "Upgrade");
            HeadWriter.field(out, FieldName.UPGRADE, protocol);
        } else if (FieldTokens.listContains(fields, FieldName.TE, "trailers")) {
            // One that is not named as meant for the next hop only would be passed on by it (RFC 9110 section 10.1.4).
            HeadWriter.field(out, FieldName.CONNECTION, "TE");
            HeadWriter.field(out, FieldName.TE, "trailers");
        }
        if (request.head().bodyLength() == BodyLength.CHUNKED) {
            HeadWriter.field(out, FieldName.TRANSFER_ENCODING, "chunked");
        }
        if (config.xForwarded()) {
            HeadWriter.field(
                    out,
                    FieldName.X_FORWARDED_FOR,
                    ForwardingFields.xForwardedFor(trusted, fields.all(FieldName.X_FORWARDED_FOR), request.peer()));
            HeadWriter.field(out, FieldName.X_FORWARDED_PROTO, request.scheme());
            HeadWriter.field(
                    out,
                    FieldName.X_FORWARDED_HOST,
                    ForwardingFields.xForwardedHost(
                            trusted, fields.all(FieldName.X_FORWARDED_HOST), request.authority()));
        }
        if (config.forwarded()) {
            HeadWriter.field(
                    out,
                    FieldName.FORWARDED,
                    ForwardingFields.forwarded(
                            trusted,
                            fields.all(FieldName.FORWARDED),
                            request.peer(),
                            request.authority(),
                            request.scheme()));
        }
        TlsSession session = request.tls();
        if (config.clientCertificate() && session != null && session.certificateWanted()) {
            ClientCertificateFields.write(out, session);
        }
        HeadWriter.field(out, FieldName.VIA, via(fields, request.head().version()));
        FailureReason failure = decision.cause().failure();
        if (failure != null) {
            HeadWriter.field(out, "esper-decision", "fail-open; reason=" + failure.label());
        }
    }

    private String via(Fields fields, HttpVersion version) {
        String element = version == HttpVersion.HTTP_1_1 ? viaElement : version.number() + " " + via;
        if (!fields.contains(FieldName.VIA)) {
            return element;
        }
        return String.join(", ", fields.all(FieldName.VIA)) + ", " + element;
    }

    private boolean passes(Fields fields, int i, boolean trusted, boolean counted, boolean http11) {
        FieldName known = fields.known(i);
        if (known == null) {
            return passesUnknown(fields, i, trusted);
        }
        return switch (known) {
            // of this connection only (RFC 9110 section 7.6.1)
            case CONNECTION,
                    KEEP_ALIVE,
                    PROXY_CONNECTION,
                    PROXY_AUTHORIZATION,
                    PROXY_AUTHENTICATE,
                    TE,
                    TRANSFER_ENCODING,
                    UPGRADE -> false;
            // written anew below
            case VIA -> false;
            case X_FORWARDED_FOR, X_FORWARDED_PROTO, X_FORWARDED_HOST -> !config.xForwarded() && trusted;
            case FORWARDED -> !config.forwarded() && trusted;
            case X_REAL_IP, X_FORWARDED_PORT -> trusted;
            case MAX_FORWARDS -> !counted;
            // meant nothing where it was said (RFC 9110 section 10.1.1), and would mean something where we say it
            case EXPECT -> http11;
            // the gateway's own words and secrets
            case X_ESPER_API_KEY -> false;
            // a visitor who could name it would choose whose mitigation he meets
            case X_ESPER_HYBRID_KEY -> trusted && config.hybridKey();
            default -> true;
        };
    }

    private boolean passesUnknown(Fields fields, int i, boolean trusted) {
        if (fields.nameEquals(i, addressHeader)) {
            return trusted;
        }
        byte[] block = fields.block();
        boolean plain = plain(block, fields.lineStart(i), fields.nameEnd(i));
        int first = block[fields.lineStart(i)] | 0x20;
        // Every name of the lists below begins with one of these; the others leave here without becoming text.
        boolean listed = "cdefhptwx".indexOf(first) >= 0;
        // Not every "sec-…" of a browser, only "ssl-…".
        boolean ssl = first == 's' && (block[fields.lineStart(i) + 1] | 0x20) == 's';
        if (plain && !listed && !ssl) {
            return true;
        }
        String name = ProtectedNames.canonical(fields.name(i));
        if (name.startsWith("esper-") || name.startsWith("x-esper-") || name.equals(addressHeader)) {
            return false;
        }
        // The environment of a CGI program cannot tell it from HTTP_PROXY (CVE-2016-5385), and HTTP knows no such
        // field.
        if (name.equals("proxy")) {
            return false;
        }
        if (config.clientCertificate() && ClientCertificateFields.contains(name)) {
            return false;
        }
        // CGI-style origins read "_" as "-", so X_Forwarded_For is X-Forwarded-For to them.
        // A trusted proxy that replaces a field knows nothing of its other spellings, which are still the visitor's.
        if (!plain && (ProtectedNames.contains(name) || impersonates(name))) {
            return false;
        }
        return trusted || !impersonates(name);
    }

    private static boolean impersonates(String name) {
        return IMPERSONATION.contains(name)
                || ClientCertificateFields.contains(name)
                || name.startsWith(FORWARDED_PREFIX)
                || name.startsWith(ORIGINAL_PREFIX);
    }

    /** Whether a name has letters, digits and hyphens only. */
    private static boolean plain(byte[] block, int from, int to) {
        for (int i = from; i < to; i++) {
            int c = block[i] | 0x20;
            boolean letter = c >= 'a' && c <= 'z';
            if (!letter && block[i] != '-' && (block[i] < '0' || block[i] > '9')) {
                return false;
            }
        }
        return true;
    }

    /** Whether the visitor's Connection field names line {@code i}, and may. */
    private static boolean nominated(ConnectionOptions options, Fields fields, int i) {
        if (!options.names(fields, i)) {
            return false;
        }
        FieldName known = fields.known(i);
        if (known == null) {
            return true;
        }
        return switch (known) {
            // A nomination must not take away what framing, routing or the visitor's address rest on.
            case HOST, CONTENT_LENGTH, EXPECT, COOKIE, AUTHORIZATION, X_FORWARDED_FOR, FORWARDED -> false;
            default -> true;
        };
    }
}
