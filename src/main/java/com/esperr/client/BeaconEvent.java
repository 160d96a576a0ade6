package com.esperr.client;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened in the application and that Esper is to learn of. Immutable.
 *
 * @param tenantId whose event it is, or null for the option {@code tenantId} of the client
 * @param source the name of whoever tells, or null for the option {@code source} of the client
 * @param observedAt when it happened, or null for the moment of the call
 * @param idempotencyKey the same for every try to tell this one event, or null for a random one
 * @param request the request in which it happened, or null
 * @param fields what happened, by name: texts, numbers and booleans
 */
public record BeaconEvent(
        @Nullable String tenantId,
        @Nullable String source,
        @Nullable Instant observedAt,
        @Nullable String idempotencyKey,
        @Nullable VisitorRequest request,
        Map<String, Object> fields) {

    /** Checks and copies; see {@link #builder}. */
    public BeaconEvent {
        Problems problems = new Problems();
        problems.expectNotEmpty("tenant_id", tenantId);
        problems.expectNotEmpty("source", source);
        problems.expectNotEmpty("idempotency_key", idempotencyKey);
        fields = FieldValues.copy(fields, problems);
        problems.throwIfAny();
    }

    /** A builder of an event. */
    public static Builder builder() {
        return new Builder();
    }

    /** Which request, and the names of the fields: values are not for logs. */
    @Override
    public String toString() {
        return "BeaconEvent[" + request + ", fields=" + fields.keySet() + "]";
    }

    /** Builds a {@link BeaconEvent}. Confined to one thread. */
    public static final class Builder {
        private final Map<String, Object> fields = new LinkedHashMap<>();
        private @Nullable String tenantId;
        private @Nullable String source;
        private @Nullable Instant observedAt;
        private @Nullable String idempotencyKey;
        private @Nullable VisitorRequest request;

        private Builder() {}

        /** Sets whose event it is. */
        public Builder tenantId(String id) {
            this.tenantId = id;
            return this;
        }

        /** Sets who tells. */
        public Builder source(String name) {
            this.source = name;
            return this;
        }

        /** Sets when it happened. */
        public Builder observedAt(Instant moment) {
            this.observedAt = moment;
            return this;
        }

        /** Sets what makes two calls the same event. */
        public Builder idempotencyKey(String key) {
            this.idempotencyKey = key;
            return this;
        }

        /** Sets the request in which it happened. */
        public Builder request(VisitorRequest visitorRequest) {
            this.request = visitorRequest;
            return this;
        }

        /** Adds a field: a text, a number or a boolean. */
        public Builder field(String name, Object value) {
            fields.put(name, value);
            return this;
        }

        /** The event. @throws EsperValidationException if it cannot be sent */
        public BeaconEvent build() {
            return new BeaconEvent(tenantId, source, observedAt, idempotencyKey, request, fields);
        }
    }
}
