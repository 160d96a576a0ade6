package com.esperr.gateway.boot;

import com.esperr.gateway.config.Loaded;
import java.util.List;

/** Which keys can change while the gateway runs; all others need a restart. Stateless. */
final class Reloadable {
    private static final List<String> KEYS = List.of(
            "mode",
            "monitor",
            "origin",
            "origins",
            "hosts",
            "unknown-host",
            "routes",
            "limits",
            "client",
            "paths",
            "upgrade",
            "forward",
            "response",
            "compression",
            "decision.timeout",
            "failure",
            "challenge.url",
            "esper",
            "hybrid",
            "beacon",
            "maintenance",
            "pages",
            "policies.path",
            "policies.reload-interval",
            "policies.country-database",
            "policies.body",
            "rollout",
            "log.level",
            "log.repeat-interval",
            "reload",
            "shutdown");

    private Reloadable() {}

    /** The keys of {@code next} that are others than in {@code before}, and cannot come into force without a restart. */
    static List<String> restart(Loaded<GatewayConfig> before, Loaded<GatewayConfig> next) {
        GatewayConfig old = before.value();
        boolean sameSource = old.source() == next.value().source();
        boolean sameSets = old.policies()
                .sets()
                .keySet()
                .equals(next.value().policies().sets().keySet());
        return next.changes(before).stream()
                .filter(key -> below(key, "policies.sets") ? !sameSets : !changes(key, sameSource))
                .toList();
    }

    private static boolean changes(String key, boolean sameSource) {
        if (below(key, "mode") || below(key, "monitor")) {
            return sameSource;
        }
        return KEYS.stream().anyMatch(section -> below(key, section));
    }

    private static boolean below(String key, String section) {
        return key.equals(section) || key.startsWith(section + ".");
    }
}
