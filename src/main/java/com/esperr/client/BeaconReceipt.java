package com.esperr.client;

import org.jspecify.annotations.Nullable;

/**
 * What Esper says about an event that it has taken. Immutable.
 *
 * @param itemId the id of the event at Esper, or null if it said none
 * @param lookupEntityId the entity the event counts for, or null; opaque, so compare it but never compute it
 * @param activeMitigation what Esper wants done with this entity from now on, or null if nothing
 */
public record BeaconReceipt(
        @Nullable String itemId,
        @Nullable String lookupEntityId,
        @Nullable MitigationAction activeMitigation) {}
