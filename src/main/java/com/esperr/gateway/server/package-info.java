/**
 * The decision service: Esper's contract from the other side, over HTTP, for one or several tenants. Endpoints, API keys,
 * rate limits, idempotency, the pages of challenges, and the feed of active mitigations for gateways. Starting points:
 * {@code ApiServer}, {@code Operation}, {@code Tenant}.
 */
@NullMarked
package com.esperr.gateway.server;

import org.jspecify.annotations.NullMarked;
