package com.esperr.gateway.replay;

import com.esperr.gateway.http.PathRules;
import com.esperr.gateway.http.QueryParameters;
import com.esperr.gateway.net.ClientAddressRules;
import com.esperr.gateway.net.IpAddress;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.RequestContexts;
import com.esperr.gateway.request.RequestDescription;
import com.esperr.gateway.request.Routes;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes requests of what was recorded, so that policies see them as they were. Confined to one thread. */
final class RecordedRequests {
    private static final int MOST_TELLINGS = 256;
    /** Network 2001:db8::/32 is nobody's (RFC 3849): hashes of addresses become addresses in it. */
    private static final long NOBODYS = 0x20010db8_00000000L;

    private final RequestContexts contexts;
    private final String source;
    private final Map<String, RecordedField.Telling> tellings = new HashMap<>();
    private long now;

    RecordedRequests(ClientAddressRules clients, PathRules paths, Routes routes, String source) {
        this.contexts = new RequestContexts(clients, paths, routes, source, this::now);
        this.source = source;
    }

    private long now() {
        return now;
    }

    /**
     * The request.
     *
     * @throws com.esperr.gateway.request.DescriptionException if it is none that could have been received
     */
    RequestContext context(Recorded recorded) {
        now = recorded.atMillis();
        RequestDescription request = new RequestDescription()
                .method(recorded.method())
                .path(recorded.path())
                .source(source)
                .observedAtMillis(recorded.atMillis())
                .clientIp(address(recorded.client()))
                .userAgent(recorded.userAgent())
                .bot(recorded.bot());
        for (int i = 0; i < recorded.names().size(); i++) {
            String value = recorded.values().get(i);
            if (value == null) {
                continue;
            }
            String name = recorded.names().get(i);
            if (name.isEmpty()) {
                query(request, value);
            } else {
                telling(name).tell(request, value);
            }
        }
        return contexts.described(request);
    }

    private RecordedField.Telling telling(String name) {
        RecordedField.Telling known = tellings.get(name);
        if (known == null) {
            known = RecordedField.telling(name);
            if (tellings.size() < MOST_TELLINGS) {
                tellings.put(name, known);
            }
        }
        return known;
    }

    private static void query(RequestDescription request, String query) {
        QueryParameters parameters = QueryParameters.parse(query);
        for (int i = 0; i < parameters.size(); i++) {
            request.queryParam(parameters.name(i), parameters.value(i));
        }
    }

    private static @Nullable String address(@Nullable String client) {
        if (client == null || IpAddress.parseOrNull(client) != null) {
            return client;
        }
        long low = 1;
        for (int i = 0; i < client.length(); i++) {
            low = low * 0x5DEECE66DL + client.charAt(i) + 11;
        }
        // Different above the prefix by which IPv6 visitors are told apart.
        return IpAddress.ofIpv6(NOBODYS | (low >>> 32), low).toString();
    }
}
