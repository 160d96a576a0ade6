package com.esperr.gateway.beacon;

import com.esperr.gateway.config.Section;
import com.esperr.gateway.policy.RequestFilter;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.RouteTemplate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which requests become events. Immutable; asked on the event loop of the request.
 *
 * @param sample the share of requests, from 0 to 1
 * @param only the paths that count, empty for all
 * @param except the paths that do not
 * @param filter a condition, or null
 */
record EventChoice(
        double sample,
        List<RouteTemplate> only,
        List<RouteTemplate> except,
        @Nullable RequestFilter filter) {
    private static final double UNIT = 0x1p-53;
    private static final String TEMPLATE = "a path such as /login, /account/{id} or /api/**";

    static EventChoice read(Section section) {
        Section routes = section.section("routes");
        return new EventChoice(
                section.fraction("sample", 0, 1),
                routes.parsedList("only", TEMPLATE, RouteTemplate::parse),
                routes.parsedList("except", TEMPLATE, RouteTemplate::parse),
                section.parsedOrNull(
                        "filter",
                        "a condition such as { field = request_path, operator = starts_with, value = /api }",
                        RequestFilter::parse));
    }

    boolean accepts(RequestContext request) {
        return sampled(request)
                && (only.isEmpty() || matches(only, request.path()))
                && !matches(except, request.path())
                && (filter == null || filter.matches(request));
    }

    private boolean sampled(RequestContext request) {
        // The key is random already, and a request that comes up again gets the same answer.
        return sample >= 1 || (mixed(request.idempotencyKey().getLeastSignificantBits()) >>> 11) * UNIT < sample;
    }

    /** Spreads the random bits over the fixed ones of a UUID: the finalizer of SplitMix64. */
    private static long mixed(long bits) {
        long z = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    private static boolean matches(List<RouteTemplate> templates, String path) {
        for (RouteTemplate template : templates) {
            if (template.matches(path)) {
                return true;
            }
        }
        return false;
    }
}
