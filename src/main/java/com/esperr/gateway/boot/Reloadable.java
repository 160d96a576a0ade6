package com.esperr.gateway.boot;

import com.esperr.gateway.config.Loaded;
import java.util.List;

/** Which keys can change while the gateway runs, and which need a restart. Stateless. */
final class Reloadable {
    /** What comes into force, with everything below it. */
    static final List<String> IN_PLACE = List.of(
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
            "decision",
            "failure",
            "challenge",
            "bots",
            "esper",
            "hybrid",
            "state.redis",
            "beacon",
            "maintenance",
            "pages",
            "policies.path",
            "policies.reload-interval",
            "policies.country-database",
            "policies.body",
            "policies.sets",
            "rollout",
            "log.access",
            "log.ja4",
            "log.access-queue",
            "log.level",
            "log.repeat-interval",
            "log.audit",
            "explain",
            "traces",
            "record",
            "reload",
            "shutdown");

    /** What the process is made of: sockets, threads, memory, and what others hold on to. A key on neither list counts as one of these. */
    static final List<String> WITH_RESTART = List.of(
            "listen",
            "listeners",
            "admin",
            "runtime",
            "handover",
            "exec",
            "server",
            "state.store",
            "policies.max-windows",
            "policies.max-mitigations");

    private Reloadable() {}

    /** The keys of {@code next} that are others than in {@code before}, and cannot come into force without a restart. */
    static List<String> restart(Loaded<GatewayConfig> before, Loaded<GatewayConfig> next) {
        return next.changes(before).stream().filter(key -> !changes(key)).toList();
    }

    private static boolean changes(String key) {
        return IN_PLACE.stream().anyMatch(section -> below(key, section));
    }

    static boolean below(String key, String section) {
        return key.equals(section) || key.startsWith(section + ".");
    }
}
