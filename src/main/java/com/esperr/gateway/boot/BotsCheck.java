package com.esperr.gateway.boot;

import com.esperr.gateway.bots.BotReport;
import com.esperr.gateway.net.IpAddress;
import com.esperr.gateway.transport.EventLoops;
import org.jspecify.annotations.Nullable;

/** Verifies one visitor without a gateway that runs. Stateless. */
public final class BotsCheck {
    private BotsCheck() {}

    /** Examines a visitor; blocks until DNS has answered or the time for that is over. */
    public static BotReport.Findings examine(GatewayConfig config, IpAddress address, @Nullable String userAgent) {
        try (EventLoops loops = EventLoops.start(config.runtime())) {
            return BotReport.of(config.bots(), loops)
                    .examine(address, userAgent)
                    .join();
        }
    }
}
