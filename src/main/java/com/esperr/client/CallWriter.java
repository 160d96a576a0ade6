package com.esperr.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes the JSON of calls. Thread-safe. What it writes is kept for all tries of a call, so the idempotency key is too. */
final class CallWriter {
    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final JsonFactory json = new JsonFactory();
    private final Settings settings;
    private final Timing timing;

    CallWriter(Settings settings, Timing timing) {
        this.settings = settings;
        this.timing = timing;
    }

    /** What of a call stands between the braces. */
    private interface Content {
        void write(JsonGenerator out) throws IOException;
    }

    byte[] mitigation(MitigationRequest request) {
        return object(out -> {
            header(out, request.source(), request.observedAt(), request.idempotencyKey());
            out.writeStringField("return_url", request.returnUrl());
            request(request.request(), out);
            fields(request.fields(), out);
        });
    }

    byte[] event(BeaconEvent event) {
        Problems problems = new Problems();
        String tenantId = event.tenantId() == null ? settings.tenantId() : event.tenantId();
        if (tenantId == null) {
            problems.add("tenant_id", null, "in the event or as option tenantId");
        }
        problems.throwIfAny();
        return object(out -> {
            optional(out, "tenant_id", tenantId);
            header(out, event.source(), event.observedAt(), event.idempotencyKey());
            if (event.request() != null) {
                request(event.request(), out);
            }
            fields(event.fields(), out);
        });
    }

    byte[] proof(String token) {
        Problems problems = new Problems();
        if (token == null || token.isBlank()) {
            // Never shown: it lets its bearer pass.
            problems.add(
                    settings.proofTokenKey(),
                    token == null ? null : "empty",
                    "the proof from " + ReturnUrl.PROOF_PARAMETER);
        }
        problems.throwIfAny();
        return object(out -> out.writeStringField(settings.proofTokenKey(), token));
    }

    private byte[] object(Content content) {
        // Through a text and not at once into UTF-8: half a surrogate pair, which any visitor can send, becomes a
        // question mark there
        // and an exception here.
        StringWriter text = new StringWriter();
        try (JsonGenerator out = json.createGenerator(text)) {
            out.writeStartObject();
            content.write(out);
            out.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void header(JsonGenerator out, @Nullable String source, @Nullable Instant observedAt, @Nullable String key)
            throws IOException {
        out.writeStringField("source", source == null ? settings.source() : source);
        out.writeStringField("observed_at", MILLIS.format(observedAt == null ? timing.now() : observedAt));
        out.writeStringField("idempotency_key", key == null ? UUID.randomUUID().toString() : key);
    }

    private static void request(VisitorRequest request, JsonGenerator out) throws IOException {
        out.writeObjectFieldStart("request");
        out.writeStringField("method", request.method());
        out.writeStringField("path", request.path());
        texts("headers", headers(request), out);
        texts("query_params", request.queryParams(), out);
        texts("cookies", request.cookies(), out);
        texts("route_params", request.routeParams(), out);
        optional(out, "client_ip", request.clientIp());
        optional(out, "user_agent", request.userAgent());
        out.writeEndObject();
    }

    /** Not what the visitor says about his address but what is known of it. */
    private static Map<String, String> headers(VisitorRequest request) {
        if (request.clientIp() == null) {
            return request.headers();
        }
        Map<String, String> headers = new LinkedHashMap<>(request.headers());
        headers.put("x-forwarded-for", request.clientIp());
        return headers;
    }

    private static void texts(String name, Map<String, String> texts, JsonGenerator out) throws IOException {
        out.writeObjectFieldStart(name);
        for (Map.Entry<String, String> text : texts.entrySet()) {
            out.writeStringField(text.getKey(), text.getValue());
        }
        out.writeEndObject();
    }

    private static void fields(Map<String, Object> fields, JsonGenerator out) throws IOException {
        out.writeObjectFieldStart("fields");
        for (Map.Entry<String, Object> field : fields.entrySet()) {
            out.writeFieldName(field.getKey());
            if (field.getValue() instanceof Boolean flag) {
                out.writeBoolean(flag);
            } else if (field.getValue() instanceof Number number) {
                out.writeNumber(new BigDecimal(number.toString()));
            } else {
                out.writeString(field.getValue().toString());
            }
        }
        if (fields.isEmpty()) {
            // The contract refuses a call without any.
            out.writeStringField("probe", "1");
        }
        out.writeEndObject();
    }

    private static void optional(JsonGenerator out, String name, @Nullable String value) throws IOException {
        if (value != null) {
            out.writeStringField(name, value);
        }
    }
}
