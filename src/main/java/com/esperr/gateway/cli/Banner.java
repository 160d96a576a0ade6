package com.esperr.gateway.cli;

import com.esperr.gateway.boot.Gateway;
import com.esperr.gateway.boot.GatewayConfig;
import com.esperr.gateway.boot.Mode;
import com.esperr.gateway.boot.Policies;
import java.util.ArrayList;
import java.util.List;

/** What is said at the start: what is in force, and what is dangerous about it. Stateless. */
final class Banner {
    static final String NO_POLICIES = "policies.path: no policies, so that every request is forwarded"
            + " (expected: yours, or conf/policies/starter.conf to begin with)";

    private Banner() {}

    /** Whether policies would decide, and there are none. */
    static boolean lacksPolicies(GatewayConfig config, Policies policies) {
        return config.source() == GatewayConfig.Source.LOCAL
                && policies.next() == null
                && policies.sets().values().stream().allMatch(set -> set.count() == 0);
    }

    /** One line that says what is in force. */
    static String line(Gateway gateway) {
        GatewayConfig config = gateway.config();
        StringBuilder line = new StringBuilder("esper-gateway ")
                .append(Release.text())
                .append(": listening on ")
                .append(gateway.listeners())
                .append(config.origin().targets().isEmpty() ? ", no origin" : ", origin ")
                .append(config.origin().places())
                .append(", mode ")
                .append(config.mode().label());
        if (config.mode() == Mode.MONITOR) {
            line.append(" (watching ").append(config.monitored().label()).append("; nothing is enforced)");
        }
        line.append(", without a decision ")
                .append(config.failures().summary())
                .append(", ")
                .append(gateway.policies().summary());
        int admin = gateway.adminPort();
        return line.append(admin > 0 ? ", operator port " + admin : ", no operator port")
                .toString();
    }

    /** The dangerous settings, one sentence each. */
    static List<String> warnings(GatewayConfig config) {
        List<String> warnings = new ArrayList<>();
        if (config.failures().opensSensitive()) {
            warnings.add(
                    "failure.sensitive has a cell open: when no decision can be had, sensitive routes are forwarded");
        }
        String admin = config.admin().warning();
        if (admin != null) {
            warnings.add(admin);
        }
        warnings.addAll(config.esper().warnings());
        if (config.learnsNothing()) {
            warnings.add(
                    "hybrid.on-miss: allow (nothing is learned unless beacon.mode is on, and so nothing is enforced)");
        }
        return warnings;
    }
}
