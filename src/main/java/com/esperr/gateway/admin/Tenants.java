package com.esperr.gateway.admin;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What there is once for every tenant, by the tenant's id. Immutable.
 *
 * @param byId at least one
 */
record Tenants<T>(Map<String, T> byId) {
    Tenants {
        byId = Map.copyOf(byId);
    }

    /**
     * That of one tenant; who is alone need not be named.
     *
     * @throws IllegalArgumentException if there is no such tenant, or it must be said which
     */
    T of(@Nullable String id) {
        if (id == null && byId.size() == 1) {
            return byId.values().iterator().next();
        }
        T found = id == null ? null : byId.get(id);
        if (found == null) {
            throw new IllegalArgumentException("tenant: " + (id == null ? "missing" : id) + " (expected: one of "
                    + String.join(", ", byId.keySet().stream().sorted().toList()) + ")");
        }
        return found;
    }
}
