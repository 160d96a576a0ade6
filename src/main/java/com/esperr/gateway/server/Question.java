package com.esperr.gateway.server;

import com.esperr.gateway.request.RequestDescription;
import com.esperr.gateway.state.StateKey;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks about or tells of: one question, or one event. Immutable, but for the description, which the reader
 * hands over.
 *
 * @param description the request it is about
 * @param tenantId whose it is said to be, or null if it is not said
 * @param idempotencyKey under which a repetition is recognised, or null
 * @param fingerprint stands for all it says but when and under which key
 */
record Question(
        RequestDescription description,
        @Nullable String tenantId,
        @Nullable String idempotencyKey,
        StateKey fingerprint) {}
