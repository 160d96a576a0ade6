package com.esperr.gateway.hosting;

import com.esperr.gateway.challenge.Reception;
import com.esperr.gateway.http.QueryParameters;
import com.esperr.gateway.request.BodyFields;
import com.esperr.gateway.request.BodyReader;
import com.esperr.gateway.request.RequestContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the forms of challenge pages. Thread-safe. Every other body is left to somebody else, under that one's own limits. */
public final class ReceptionBodies implements BodyReader {
    private static final int LARGEST = 24 * 1024;
    private static final long ALL = 8L * 1024 * 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final List<String> NAMES = List.of("ticket", "method", "answer", "to");

    private final Reception reception;
    private final BodyReader others;

    /** Reads what {@code reception} takes, and leaves the rest to {@code others}. */
    public ReceptionBodies(Reception reception, BodyReader others) {
        this.reception = reception;
        this.others = others;
    }

    @Override
    public BodyReader of(RequestContext request) {
        return reception.takes(request) ? this : others.of(request);
    }

    @Override
    public Interest interest(RequestContext request) {
        return request.head().hasBody() ? Interest.READ : Interest.NONE;
    }

    @Override
    public int limit() {
        return LARGEST;
    }

    @Override
    public long total() {
        // On top of what others may hold, who would else keep everybody from passing.
        return ALL + others.total();
    }

    @Override
    public Duration timeout() {
        return PATIENCE;
    }

    @Override
    public BodyFields read(RequestContext request, byte[] beginning, boolean partial) {
        if (partial) {
            return BodyFields.UNREAD;
        }
        QueryParameters form = QueryParameters.parse(new String(beginning, StandardCharsets.UTF_8));
        Map<String, String> values = new HashMap<>();
        for (String name : NAMES) {
            String value = form.first(name);
            if (value != null) {
                values.put(name, value);
            }
        }
        return new BodyFields(values, false);
    }
}
