package com.esperr.gateway.server;

import com.esperr.gateway.bouncers.Bouncers;
import com.esperr.gateway.policy.PolicyEngine;

/**
 * One tenant of the service: what belongs to it and to nobody else. Immutable.
 *
 * @param id as in {@code tenant_id}
 * @param engine its policies and state
 * @param lookup what visitors are called to its clients
 * @param feed tells gateways of its active mitigations
 * @param bouncers tells bouncers of those that are about addresses
 */
public record Tenant(String id, PolicyEngine engine, VisitorNames lookup, FeedHub feed, Bouncers bouncers) {}
