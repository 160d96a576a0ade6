package com.esperr.gateway.boot;

import com.esperr.gateway.proxy.Clock;
import com.esperr.gateway.telemetry.Metrics;
import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.upstream.Presence;
import org.jspecify.annotations.Nullable;

/**
 * What outlasts every configuration. Immutable.
 *
 * @param stores where what is counted is kept
 * @param loops the threads
 * @param metrics where numbers are shown
 * @param clock the time
 * @param parts closed with the gateway
 * @param generation the parts that requests are served with now
 * @param presence whether the application is there, if this process runs it, else null
 */
record Foundation(
        Stores stores,
        EventLoops loops,
        Metrics metrics,
        Clock clock,
        Parts parts,
        LiveGeneration generation,
        @Nullable Presence presence) {}
