package com.esperr.gateway.server;

import com.esperr.gateway.keys.KeyEntry;
import com.esperr.gateway.keys.LiveKeys;
import com.esperr.gateway.telemetry.ServiceMetrics;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lets callers in: whose key it is, whether the tenant is known here, whether the key has asked too much. Thread-safe. */
final class Keeper {
    private static final String BEARER = "bearer ";
    private static final ApiError MISSING = new ApiError(
            401,
            "unauthorized",
            "API key: missing (expected: header x-esper-api-key)",
            null,
            Map.of("www-authenticate", "Bearer"));
    private static final ApiError UNKNOWN = new ApiError(
            401,
            "unauthorized",
            "API key: not accepted (expected: a key of this service)",
            null,
            Map.of("www-authenticate", "Bearer"));
    private static final ApiError NO_TENANT =
            new ApiError(403, "tenant_unknown", "API key: of a tenant that is not served here");

    private final LiveKeys keys;
    private final Map<String, Tenant> tenants;
    private final RateLimits limits;
    private final ServiceMetrics metrics;

    Keeper(LiveKeys keys, Map<String, Tenant> tenants, RateLimits limits, ServiceMetrics metrics) {
        this.keys = keys;
        this.tenants = Map.copyOf(tenants);
        this.limits = limits;
        this.metrics = metrics;
    }

    /** Who sends {@code request} for {@code operation}, or why nobody is let in with it. */
    Admission admit(ApiRequest request, Operation operation) {
        if (!operation.crowdsec()) {
            return admit(request, request.header("x-esper-api-key"), true);
        }
        Admission admission = admit(request, request.header("x-api-key"), false);
        ApiReply refusal = admission.refusal();
        return refusal == null || refusal.status() == 429
                ? admission
                : Admission.no(BouncerOperation.refusal(403, "access forbidden"));
    }

    private Admission admit(ApiRequest request, @Nullable String inHeader, boolean bearers) {
        String presented = inHeader;
        boolean flat = presented == null;
        if (presented == null && bearers) {
            presented = bearer(request.header("authorization"));
        }
        if (presented == null) {
            metrics.refused("missing");
            return Admission.no(ApiReply.error(MISSING));
        }
        KeyEntry key = keys.now().find(presented);
        if (key == null) {
            metrics.refused("unknown");
            return Admission.no(ApiReply.error(UNKNOWN));
        }
        Tenant tenant = tenants.get(key.tenantId());
        if (tenant == null) {
            metrics.refused("tenant");
            return Admission.no(ApiReply.error(NO_TENANT));
        }
        long wait = limits.take(key.id(), 1);
        if (wait > 0) {
            metrics.rateLimited();
            return Admission.no(tooMany(wait));
        }
        return new Admission(new Caller(key, tenant, flat), null);
    }

    /** The refusal of somebody who may come again after so many seconds. */
    static ApiReply tooMany(long seconds) {
        return ApiReply.error(new ApiError(429, "rate_limited", "more than this key may ask"))
                .with("retry-after", Long.toString(seconds));
    }

    private static @Nullable String bearer(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return null;
        }
        return authorization.substring(BEARER.length()).strip();
    }

    /**
     * What comes of a request for admission.
     *
     * @param caller who is let in, or null
     * @param refusal why nobody is, or null
     */
    record Admission(@Nullable Caller caller, @Nullable ApiReply refusal) {
        static Admission no(ApiReply refusal) {
            return new Admission(null, refusal);
        }
    }
}
