package com.esperr.gateway.boot;

import com.esperr.gateway.config.Loaded;
import java.util.List;

/** Which keys of the decision service can change while it runs, and which need a restart; it reads no others. Stateless. */
final class ServiceKeys {
    /** What comes into force, with everything below it. */
    static final List<String> IN_PLACE = List.of(
            "server.public-url",
            "server.keys-file",
            "server.keys-interval",
            "server.tenants",
            "server.max-connections",
            "server.max-body",
            "server.max-events",
            "server.rate-limit",
            "server.idempotency",
            "server.challenge",
            "server.feed",
            "server.bouncers",
            "client",
            "paths",
            "routes",
            "challenge",
            "pages",
            "policies.reload-interval",
            "policies.country-database",
            "policies.body",
            "log.access",
            "log.access-queue",
            "log.level",
            "log.repeat-interval",
            "reload",
            "shutdown");

    /** Sockets, threads, memory, and what others hold on to. */
    static final List<String> WITH_RESTART = List.of(
            "server.address",
            "server.tls",
            "admin",
            "runtime",
            "state",
            "policies.max-windows",
            "policies.max-mitigations",
            "log.audit");

    private static final String SERVER = "server";

    private ServiceKeys() {}

    /** The keys of {@code next} that are others than in {@code before}, and cannot come into force without a restart. */
    static List<String> restart(Loaded<GatewayConfig> before, Loaded<GatewayConfig> next) {
        return next.changes(before).stream().filter(ServiceKeys::needsRestart).toList();
    }

    private static boolean needsRestart(String key) {
        // A new key of the service needs a restart until it is put on the list.
        return listed(key, WITH_RESTART) || (Reloadable.below(key, SERVER) && !listed(key, IN_PLACE));
    }

    private static boolean listed(String key, List<String> list) {
        return list.stream().anyMatch(section -> Reloadable.below(key, section));
    }
}
