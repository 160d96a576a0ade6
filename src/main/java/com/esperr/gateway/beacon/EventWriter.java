package com.esperr.gateway.beacon;

import com.esperr.gateway.esper.KeyedHash;
import com.esperr.gateway.esper.ObservedAt;
import com.esperr.gateway.esper.Treatment;
import com.esperr.gateway.net.IpAddress;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes events as Esper's beacon takes them. What it writes is what is spooled, shown and sent, byte for byte, so nothing
 * that must not leave gets as far as the disk. Confined to one thread.
 */
final class EventWriter {
    private static final int USUAL_BYTES = 512;

    private final JsonFactory json = new JsonFactory();
    private final ObservedAt observedAt = new ObservedAt();
    private final BeaconConfig config;
    private final String tenantId;
    private final KeyedHash hash;

    /** A writer of events of the tenant. */
    EventWriter(BeaconConfig config, String tenantId, KeyedHash hash) {
        this.config = config;
        this.tenantId = tenantId;
        this.hash = hash;
    }

    /** One JSON object in UTF-8, on one line. */
    byte[] write(BeaconEvent event) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_BYTES);
        try (JsonGenerator out = json.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeStringField("tenant_id", tenantId);
            out.writeStringField("source", event.source());
            out.writeStringField("observed_at", observedAt.format(event.observedAtMillis()));
            out.writeStringField("idempotency_key", event.key().toString());
            request(event, out);
            fields(event, out);
            out.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private void request(BeaconEvent event, JsonGenerator out) throws IOException {
        out.writeObjectFieldStart("request");
        out.writeStringField("method", event.method());
        out.writeStringField("path", path(event.path()));
        optional(out, "client_ip", clientIp(event.client()));
        optional(out, "user_agent", config.userAgent().apply(event.userAgent(), hash));
        out.writeEndObject();
    }

    private void fields(BeaconEvent event, JsonGenerator out) throws IOException {
        out.writeObjectFieldStart("fields");
        boolean empty = true;
        List<EventField> fields = config.fields();
        for (int i = 0; i < fields.size(); i++) {
            String value = fields.get(i).treatment().apply(event.values().get(i), hash);
            empty &= value == null;
            optional(out, fields.get(i).name(), value);
        }
        if (config.outcome()) {
            out.writeNumberField("gateway_status", event.status());
            out.writeStringField("gateway_outcome", event.outcome());
            optional(out, "gateway_decision", event.decision());
        } else if (empty) {
            // The contract refuses an event without any.
            out.writeStringField("probe", "1");
        }
        out.writeEndObject();
    }

    private String path(String path) {
        String left = config.path().apply(path, hash);
        if (left == null) {
            return "/";
        }
        return left.startsWith("/") || left.equals("*") ? left : "/" + left;
    }

    private @Nullable String clientIp(IpAddress client) {
        Treatment treatment = config.clientIp();
        if (treatment.kind() != Treatment.Kind.TRUNCATE) {
            return treatment.apply(client.toString(), hash);
        }
        int bits = client.isIpv6() ? 2 * treatment.length() : treatment.length();
        return client.prefix(Math.min(bits, client.width())).toString();
    }

    private static void optional(JsonGenerator out, String name, @Nullable String value) throws IOException {
        if (value != null) {
            out.writeStringField(name, value);
        }
    }
}
