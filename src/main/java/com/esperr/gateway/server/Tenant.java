package com.esperr.gateway.server;

import com.esperr.gateway.entity.EntityKeys;
import com.esperr.gateway.policy.PolicyEngine;

/**
 * One tenant of the service: what belongs to it and to nobody else. Immutable.
 *
 * @param id as in {@code tenant_id}
 * @param engine its policies and state
 * @param lookup what visitors are called to its clients, under a secret of its own
 * @param feed tells gateways of its active mitigations
 */
public record Tenant(String id, PolicyEngine engine, EntityKeys lookup, FeedHub feed) {}
