package com.esperr.gateway.request;

import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.net.IpAddress;
import com.esperr.gateway.tls.ClientIdentity;
import com.esperr.gateway.tls.TlsSession;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The catalogue of facts about a request, under the names Esper's field model gives them (Esper documentation, field
 * model). Policies, the wire and telemetry all iterate this list; a new fact is one constant here. Immutable.
 */
public enum RequestField {
    /** The method token. */
    REQUEST_METHOD {
        @Override
        @Nullable
        String read(RequestContext request, String name) {
            return request.method().isEmpty() ? null : request.method();
        }
    },
    /** The normalised, percent-decoded path. */
    REQUEST_PATH {
        @Override
        @Nullable
        String read(RequestContext request, String name) {
            return request.path().isEmpty() ? null : request.path();
        }
    },
    /** The host and optional port the visitor asked for. */
    REQUEST_HOST {
        @Override
        @Nullable
        String read(RequestContext request, String name) {
            return request.authority().isEmpty() ? null : request.authority();
        }
    },
    /** The first value of a header: {@code request_header[name]}. */
    REQUEST_HEADER(true) {
        @Override
        @Nullable
        String read(RequestContext request, String name) {
            return name.equals(HYBRID_KEY)
                    ? request.hybridKey()
                    : request.fields().get(name);
        }
    },
    /** The last value of a query parameter: {@code query_param[name]}. */
    QUERY_PARAM(true) {
        @Override
        @Nullable
        String read(RequestContext request, String name) {
            return request.query().last(name);
        }
    },
    /** The first value of a cookie: {@code cookie[name]}. */
    COOKIE(true) {
        @Override
        @Nullable
        String read(RequestContext request, String name) {
            return request.cookies().first(name);
        }
    },
    /** A segment that the route's template captured: {@code route_param[name]}. */
    ROUTE_PARAM(true) {
        @Override
        @Nullable
        String read(RequestContext request, String name) {
            return request.routeParameters().get(name);
        }
    },
    /** The name of this gateway. */
    SOURCE_ID {
        @Override
        @Nullable
        String read(RequestContext request, String name) {
            return request.source().isEmpty() ? null : request.source();
        }
    },
    /** When the head was received, RFC 3339 in UTC with milliseconds. */
    OBSERVED_AT {
        @Override
        @Nullable
        String read(RequestContext request, String name) {
            return Instant.ofEpochMilli(request.observedAtMillis()).toString();
        }
    },
    /** The visitor's address. */
    CLIENT_IP {
        @Override
        @Nullable
        String read(RequestContext request, String name) {
            IpAddress address = request.clientAddress();
            return address == null ? null : address.toString();
        }
    },
    /** The User-Agent header. */
    USER_AGENT {
        @Override
        @Nullable
        String read(RequestContext request, String name) {
            return request.userAgent();
        }
    },
    /** The Referer header. */
    REFERRER {
        @Override
        @Nullable
        String read(RequestContext request, String name) {
            return request.fields().get(FieldName.REFERER);
        }
    },
    /** The media type of the body without its parameters, lower-case. */
    BODY_TYPE {
        @Override
        @Nullable
        String read(RequestContext request, String name) {
            String type = request.fields().get(FieldName.CONTENT_TYPE);
            if (type == null) {
                return null;
            }
            int semicolon = type.indexOf(';');
            return (semicolon < 0 ? type : type.substring(0, semicolon)).trim().toLowerCase(Locale.ROOT);
        }
    },
    /** A text in the beginning of the body: {@code body[user->email]} in JSON, {@code body[email]} also in a form. */
    BODY(true) {
        @Override
        @Nullable
        String read(RequestContext request, String name) {
            return request.bodyFields().values().get(label() + '[' + name + ']');
        }
    },
    /** The version of TLS that the visitor speaks with this gateway, as {@code TLSv1.3}. */
    TLS_VERSION {
        @Override
        @Nullable
        String read(RequestContext request, String name) {
            return ofSession(request, TlsSession::version);
        }
    },
    /** The cipher suite of that connection. */
    TLS_CIPHER {
        @Override
        @Nullable
        String read(RequestContext request, String name) {
            return ofSession(request, TlsSession::cipher);
        }
    },
    /** The name that was asked for when it was opened, lower-case. */
    TLS_SNI {
        @Override
        @Nullable
        String read(RequestContext request, String name) {
            return ofSession(request, TlsSession::serverName);
        }
    },
    /** The JA4 fingerprint of the client; computed only if it is read. */
    TLS_JA4 {
        @Override
        @Nullable
        String read(RequestContext request, String name) {
            return ofSession(request, TlsSession::ja4);
        }
    },
    /** Whether the visitor showed a certificate that was verified: {@code true} or {@code false}, if he was asked. */
    TLS_CLIENT_VERIFIED {
        @Override
        @Nullable
        String read(RequestContext request, String name) {
            return ofSession(
                    request,
                    session -> session.certificateWanted() ? Boolean.toString(session.client() != null) : null);
        }
    },
    /** The subject of the visitor's certificate. */
    TLS_CLIENT_SUBJECT {
        @Override
        @Nullable
        String read(RequestContext request, String name) {
            return ofClient(request, ClientIdentity::subject);
        }
    },
    /** The alternative names of the visitor's certificate. */
    TLS_CLIENT_SAN {
        @Override
        @Nullable
        String read(RequestContext request, String name) {
            return ofClient(request, ClientIdentity::names);
        }
    },
    /** SHA-256 of the visitor's certificate, 64 hexadecimal digits. */
    TLS_CLIENT_FINGERPRINT {
        @Override
        @Nullable
        String read(RequestContext request, String name) {
            return ofClient(request, ClientIdentity::fingerprint);
        }
    },
    /** The serial number of the visitor's certificate, hexadecimal. */
    TLS_CLIENT_SERIAL {
        @Override
        @Nullable
        String read(RequestContext request, String name) {
            return ofClient(request, ClientIdentity::serial);
        }
    },
    /** The name of the known bot that the request comes from, or says it comes from. */
    BOT_NAME {
        @Override
        @Nullable
        String read(RequestContext request, String name) {
            return request.bot().name();
        }
    },
    /** {@code true} if the bot is who it says, {@code false} if that is not known, or not so. */
    BOT_VERIFIED {
        @Override
        @Nullable
        String read(RequestContext request, String name) {
            return request.bot().verified();
        }
    },
    /** What proved it: {@code range}, {@code dns} or {@code signature}. */
    BOT_METHOD {
        @Override
        @Nullable
        String read(RequestContext request, String name) {
            return request.bot().methodLabel();
        }
    },
    /** {@code true} if it was found out that the bot is not who it says. */
    BOT_IMPOSTOR {
        @Override
        @Nullable
        String read(RequestContext request, String name) {
            return request.bot().impostor();
        }
    };

    private static final String HYBRID_KEY = "x-esper-hybrid-key";

    private final String label = name().toLowerCase(Locale.ROOT);
    private final boolean named;

    RequestField() {
        this(false);
    }

    RequestField(boolean named) {
        this.named = named;
    }

    /** The name in policies and on the wire, e.g. {@code request_path}. */
    public String label() {
        return label;
    }

    /** Whether the field takes a name in brackets. */
    public boolean named() {
        return named;
    }

    /** The value for {@code request}, or null if the request has none; {@code name} is empty for a field without one. */
    abstract @Nullable String read(RequestContext request, String name);

    private static @Nullable String ofSession(RequestContext request, Function<TlsSession, @Nullable String> fact) {
        TlsSession session = request.tls();
        return session == null ? null : fact.apply(session);
    }

    private static @Nullable String ofClient(RequestContext request, Function<ClientIdentity, @Nullable String> fact) {
        TlsSession session = request.tls();
        ClientIdentity client = session == null ? null : session.client();
        String text = client == null ? null : fact.apply(client);
        return text == null || text.isEmpty() ? null : text;
    }
}
