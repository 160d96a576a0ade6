package com.esperr.gateway.esper;

/** The two shapes of a question that Esper has published; they are never mixed. */
public enum Profile {
    /** The current one: nested, with an idempotency key, authenticated by {@code x-esper-api-key}. */
    NESTED,
    /** The older one: flat, without an idempotency key, authenticated by {@code Authorization: Bearer}. */
    LEGACY_FLAT
}
