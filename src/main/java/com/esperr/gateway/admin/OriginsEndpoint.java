package com.esperr.gateway.admin;

import com.esperr.gateway.upstream.OriginEndpoint;
import com.esperr.gateway.upstream.PoolGauges;
import com.esperr.gateway.upstream.Upstream;
import com.esperr.gateway.upstream.Upstreams;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** {@code /origins}: the applications behind the gateway, and how each place where they listen stands. Immutable. */
public final class OriginsEndpoint implements Endpoint {
    private static final JsonFactory JSON = new JsonFactory();

    private final Supplier<Upstreams> upstreams;
    private final LongSupplier nanos;

    /** Shows {@code upstreams} as they stand at the time of {@code nanos}, the gateway's clock. */
    public OriginsEndpoint(Supplier<Upstreams> upstreams, LongSupplier nanos) {
        this.upstreams = upstreams;
        this.nanos = nanos;
    }

    @Override
    public String path() {
        return "/origins";
    }

    @Override
    public String about() {
        return "the origins, and how each of their endpoints stands";
    }

    @Override
    public AdminReply answer(AdminRequest request) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeArrayFieldStart("origins");
            for (Upstream upstream : upstreams.get().all()) {
                write(json, upstream);
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return AdminReply.json(200, text + "\n");
    }

    private void write(JsonGenerator json, Upstream upstream) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", upstream.config().name());
        json.writeNumberField("moved", upstream.moved());
        json.writeNumberField("retries_refused", upstream.unbudgeted());
        json.writeArrayFieldStart("endpoints");
        for (OriginEndpoint endpoint : upstream.endpoints()) {
            write(json, endpoint);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void write(JsonGenerator json, OriginEndpoint endpoint) throws IOException {
        PoolGauges gauges = endpoint.gauges();
        String trouble = endpoint.trouble();
        json.writeStartObject();
        json.writeStringField("endpoint", endpoint.label());
        json.writeStringField("state", endpoint.state(nanos.getAsLong()).label());
        if (trouble != null) {
            json.writeStringField("trouble", trouble);
        }
        json.writeNumberField("load", endpoint.load());
        json.writeObjectFieldStart("connections");
        json.writeNumberField("idle", gauges.idle());
        json.writeNumberField("leased", gauges.leased());
        json.writeNumberField("connecting", gauges.connecting());
        json.writeEndObject();
        json.writeNumberField("waiting", gauges.waiting());
        json.writeNumberField("ejections", endpoint.ejections());
        json.writeObjectFieldStart("health_checks");
        json.writeNumberField("ok", endpoint.checked(true));
        json.writeNumberField("failed", endpoint.checked(false));
        json.writeEndObject();
        json.writeEndObject();
    }
}
