package com.esperr.gateway.boot;

import com.esperr.gateway.config.Loaded;
import com.esperr.gateway.proxy.ProxyServer;
import java.util.ArrayList;
import java.util.List;

/**
 * How the gateway comes by another configuration. Immutable; blocks on files.
 *
 * @param serving what requests are served with
 * @param proxy receives them
 * @param rollout of policies
 * @param policies that are in force
 * @param stores where what is counted is kept
 */
record Replacing(Serving serving, ProxyServer proxy, RolloutWatch rollout, PolicyReload policies, Stores stores)
        implements ConfigReload.Subject {
    @Override
    public Candidate check(Loaded<GatewayConfig> next) {
        CheckedConfig checked = CheckedConfig.of(next);
        Policies compiled = checked.policies();
        return new Candidate(
                next,
                checked.problems(),
                checked.warnings(),
                compiled == null ? null : () -> put(next.value(), compiled));
    }

    private ConfigReload.Swapped put(GatewayConfig next, Policies compiled) {
        Runnable relief = serving.replace(next, compiled, proxy);
        // Served already: whatever fails from here on, what was before has to end.
        Regardless.take("rollouts do not follow it", () -> rollout.follow(next));
        Regardless.take("policies do not follow it", () -> policies.replace(next, compiled));
        List<String> warnings = new ArrayList<>();
        Regardless.take("state does not follow it", () -> warnings.addAll(stores.follow(next.state())));
        return new ConfigReload.Swapped(warnings, relief);
    }

    @Override
    public List<String> restart(Loaded<GatewayConfig> before, Loaded<GatewayConfig> next) {
        return Reloadable.restart(before, next);
    }
}
