package com.esperr.gateway.boot;

import com.esperr.gateway.authz.Profile;
import com.esperr.gateway.config.Section;
import java.util.Locale;

/** What listeners need where a proxy asks about requests. Stateless. */
final class AskingProxies {
    private AskingProxies() {}

    /** Reports that nobody is trusted although somebody is to ask: every visitor would be refused then. */
    static void demand(Section root, GatewayConfig config) {
        if (!config.client().rules().trustsNobody()) {
            return;
        }
        config.listeners().stream()
                .map(listen -> listen.authz().profile())
                .filter(profile -> profile != Profile.OFF)
                .findFirst()
                .ifPresent(profile -> root.section("client")
                        .problem(
                                "trusted-proxies",
                                "[]",
                                "the address of the proxy that asks, because listen.authz.profile is "
                                        + profile.name().toLowerCase(Locale.ROOT)));
    }
}
