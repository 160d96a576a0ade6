package com.esperr.gateway.esper;

import com.esperr.gateway.http.Cookies;
import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.QueryParameters;
import com.esperr.gateway.net.ForwardingFields;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.ReturnUrl;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes the question about one request as JSON, in the configured profile. Thread-safe. */
public final class MitigationQuestionWriter {
    private static final String PARTIAL = "partial";
    private static final String HYBRID_KEY = "x-esper-hybrid-key";

    private final JsonFactory json = JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.threadLocalPool())
            .build();
    private final EsperConfig config;
    private final ObservedAt observedAt = new ObservedAt();

    /** A writer of questions as {@code config} describes them. */
    public MitigationQuestionWriter(EsperConfig config) {
        this.config = config;
    }

    /** The header lines of the call, with the key; never to be shown. */
    public Fields headers() {
        Fields.Builder fields = Fields.builder(4)
                .add("Content-Type", "application/json")
                .add("Accept", "application/json")
                .add("User-Agent", "esper-gateway");
        if (!config.apiKey().isEmpty()) {
            String key = config.apiKey().text();
            switch (config.profile()) {
                case NESTED -> fields.add("X-Esper-Api-Key", key);
                case LEGACY_FLAT -> fields.add("Authorization", "Bearer " + key);
            }
        }
        return fields.build();
    }

    /** Writes one question in UTF-8. */
    public void write(RequestContext request, OutputStream out) throws IOException {
        try (JsonGenerator generator = json.createGenerator(out)) {
            generator.writeStartObject();
            switch (config.profile()) {
                case NESTED -> {
                    generator.writeStringField("source", request.source());
                    generator.writeStringField("observed_at", observedAt.format(request.observedAtMillis()));
                    generator.writeStringField(
                            "idempotency_key", request.idempotencyKey().toString());
                    nested(request, generator);
                }
                case LEGACY_FLAT -> flat(request, generator);
            }
            generator.writeEndObject();
        }
    }

    /**
     * Writes all of the question that an answer can depend on: everything but the time and the idempotency key, which
     * differ between any two requests. Two requests for which this is the same are the same question.
     */
    public void writeInputs(RequestContext request, OutputStream out) throws IOException {
        try (JsonGenerator generator = json.createGenerator(out)) {
            generator.writeStartObject();
            switch (config.profile()) {
                case NESTED -> {
                    generator.writeStringField("source", request.source());
                    nested(request, generator);
                }
                case LEGACY_FLAT -> flat(request, generator);
            }
            generator.writeEndObject();
        }
    }

    private void nested(RequestContext request, JsonGenerator out) throws IOException {
        if (!config.tenantId().isEmpty()) {
            out.writeStringField("tenant_id", config.tenantId());
        }
        optional(out, "return_url", ReturnUrl.of(request));
        out.writeObjectFieldStart("request");
        out.writeStringField("method", request.method());
        out.writeStringField("path", request.forwardPath());
        headers(request, out);
        queryParams(request, out);
        cookies(request, out);
        out.writeObjectFieldStart("route_params");
        for (Map.Entry<String, String> parameter : request.routeParameters().entrySet()) {
            out.writeStringField(parameter.getKey(), parameter.getValue());
        }
        out.writeEndObject();
        if (config.identity()) {
            out.writeStringField("client_ip", request.client().address().toString());
            optional(out, "user_agent", request.userAgent());
        }
        out.writeEndObject();
        fields(request, out);
    }

    private void flat(RequestContext request, JsonGenerator out) throws IOException {
        out.writeStringField(config.platformField(), config.tenantId());
        out.writeStringField("ip", request.client().address().toString());
        String userAgent = request.userAgent();
        out.writeStringField("user_agent", userAgent == null ? "" : userAgent);
        out.writeStringField("path", request.forwardPath());
        out.writeStringField("method", request.method());
    }

    private void headers(RequestContext request, JsonGenerator out) throws IOException {
        out.writeObjectFieldStart("headers");
        Fields fields = request.fields();
        for (int i = 0; i < fields.size(); i++) {
            String name = config.headers().accepted(fields, i);
            if (!name.isEmpty() && counts(fields, i, name) && !withheld(request, name)) {
                out.writeFieldName(name);
                if (config.repeated() == Repeated.JOIN) {
                    out.writeString(joined(fields, i, name));
                } else {
                    value(fields, i, out);
                }
            }
        }
        // Not what the visitor says about his address but what is known of it.
        out.writeStringField("x-forwarded-for", forwardedFor(request));
        out.writeEndObject();
    }

    private String forwardedFor(RequestContext request) {
        return switch (config.forwardedFor()) {
            case CLIENT -> request.client().address().toString();
            case LIST ->
                ForwardingFields.xForwardedFor(
                        request.client().peerTrusted(),
                        request.fields().all(FieldName.X_FORWARDED_FOR),
                        request.peer());
        };
    }

    /** Whether this is what only a trusted hop may say, and none did. */
    private static boolean withheld(RequestContext request, String name) {
        return name.equals(HYBRID_KEY) && request.hybridKey() == null;
    }

    /** Writes the value of line {@code i}, mostly from its bytes without making a String. */
    private static void value(Fields fields, int i, JsonGenerator out) throws IOException {
        byte[] block = fields.block();
        int start = fields.valueStart(i);
        int end = fields.valueEnd(i);
        for (int at = start; at < end; at++) {
            if (block[at] < 0) {
                // Read as ISO-8859-1, which is not UTF-8 from here on.
                out.writeString(fields.value(i));
                return;
            }
        }
        out.writeUTF8String(block, start, end - start);
    }

    /** Whether line {@code i} is the one of its name that is sent. */
    private boolean counts(Fields fields, int i, String name) {
        FieldName known = fields.known(i);
        if (known != null) {
            return config.repeated() == Repeated.LAST
                    ? fields.indexOf(known, i + 1) < 0
                    : fields.indexOf(known, 0) == i;
        }
        int from = config.repeated() == Repeated.LAST ? i + 1 : 0;
        int to = config.repeated() == Repeated.LAST ? fields.size() : i;
        for (int other = from; other < to; other++) {
            if (fields.nameEquals(other, name)) {
                return false;
            }
        }
        return true;
    }

    private static String joined(Fields fields, int first, String name) {
        String all = fields.value(first);
        for (int i = first + 1; i < fields.size(); i++) {
            if (fields.nameEquals(i, name)) {
                all = all + Repeated.SEPARATOR + fields.value(i);
            }
        }
        return all;
    }

    private void queryParams(RequestContext request, JsonGenerator out) throws IOException {
        out.writeObjectFieldStart("query_params");
        if (!config.queryParams().isEmpty()) {
            QueryParameters query = request.query();
            NamedTexts texts = new NamedTexts(config.repeated(), query.size());
            for (int i = 0; i < query.size(); i++) {
                String name = query.name(i);
                if (config.queryParams().accepts(name)) {
                    texts.add(name, query.value(i));
                }
            }
            texts.write(out);
        }
        out.writeEndObject();
    }

    private void cookies(RequestContext request, JsonGenerator out) throws IOException {
        out.writeObjectFieldStart("cookies");
        if (!config.cookies().isEmpty()) {
            Cookies cookies = request.cookies();
            NamedTexts texts = new NamedTexts(config.repeated(), cookies.size());
            for (int i = 0; i < cookies.size(); i++) {
                String name = cookies.name(i);
                if (config.cookies().accepts(name)) {
                    texts.add(name, cookies.value(i));
                }
            }
            texts.write(out);
        }
        out.writeEndObject();
    }

    private void fields(RequestContext request, JsonGenerator out) throws IOException {
        out.writeObjectFieldStart("fields");
        boolean empty = true;
        for (Map.Entry<String, Extractor> field : config.fields().entrySet()) {
            String value = field.getValue().value(request, config.hash());
            if (value != null) {
                out.writeStringField(field.getKey(), value);
                empty = false;
            }
        }
        if (request.bodyFields().partial()) {
            // What is missing may be missing because it was not looked at.
            out.writeStringField(PARTIAL, "1");
            empty = false;
        }
        if (empty) {
            // The contract refuses a question without any.
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
