package com.esperr.gateway.boot;

import com.esperr.gateway.challenge.Admission;
import com.esperr.gateway.hosting.GatewayReception;
import com.esperr.gateway.page.Pages;
import org.jspecify.annotations.Nullable;

/**
 * What stands between visitors and the origin. Immutable.
 *
 * @param pages what people are told
 * @param reception challenges that are held here, or null if none are
 * @param admission who is let in
 */
record Front(Pages pages, @Nullable GatewayReception reception, Admission admission) {}
