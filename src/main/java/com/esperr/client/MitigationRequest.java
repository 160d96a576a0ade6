package com.esperr.client;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The question what to do with one request. Immutable.
 *
 * @param source the name of whoever asks, or null for the option {@code source} of the client
 * @param observedAt when the request was seen, or null for the moment of the call
 * @param idempotencyKey the same for every try to ask this one question, or null for a random one
 * @param returnUrl the absolute URL that the visitor asked for, where a challenge sends him back to; the proof of an earlier challenge is
 *     taken out of it
 * @param request the request
 * @param fields what else policies need, by name: texts, numbers and booleans
 */
public record MitigationRequest(
        @Nullable String source,
        @Nullable Instant observedAt,
        @Nullable String idempotencyKey,
        String returnUrl,
        VisitorRequest request,
        Map<String, Object> fields) {

    /** Checks and copies; see {@link #builder}. */
    public MitigationRequest {
        Problems problems = new Problems();
        problems.expectNotEmpty("source", source);
        problems.expectNotEmpty("idempotency_key", idempotencyKey);
        problems.expect("return_url", returnUrl, ReturnUrl.FORM, "an absolute http or https URL");
        if (request == null) {
            problems.add("request", null, "the request of the visitor");
        }
        fields = FieldValues.copy(fields, problems);
        problems.throwIfAny();
        returnUrl = ReturnUrl.clean(returnUrl);
    }

    /** A builder of the question about {@code request}, whose visitor asked for {@code returnUrl}. */
    public static Builder builder(VisitorRequest request, String returnUrl) {
        return new Builder(request, returnUrl);
    }

    /** Which request, and the names of the fields: values are not for logs. */
    @Override
    public String toString() {
        return "MitigationRequest[" + request + ", fields=" + fields.keySet() + "]";
    }

    /** Builds a {@link MitigationRequest}. Confined to one thread. */
    public static final class Builder {
        private final VisitorRequest request;
        private final String returnUrl;
        private final Map<String, Object> fields = new LinkedHashMap<>();
        private @Nullable String source;
        private @Nullable Instant observedAt;
        private @Nullable String idempotencyKey;

        private Builder(VisitorRequest request, String returnUrl) {
            this.request = request;
            this.returnUrl = returnUrl;
        }

        /** Sets who asks. */
        public Builder source(String name) {
            this.source = name;
            return this;
        }

        /** Sets when the request was seen. */
        public Builder observedAt(Instant moment) {
            this.observedAt = moment;
            return this;
        }

        /** Sets what makes two calls the same question. */
        public Builder idempotencyKey(String key) {
            this.idempotencyKey = key;
            return this;
        }

        /** Adds a field: a text, a number or a boolean. */
        public Builder field(String name, Object value) {
            fields.put(name, value);
            return this;
        }

        /** The question. @throws EsperValidationException if it cannot be sent */
        public MitigationRequest build() {
            return new MitigationRequest(source, observedAt, idempotencyKey, returnUrl, request, fields);
        }
    }
}
