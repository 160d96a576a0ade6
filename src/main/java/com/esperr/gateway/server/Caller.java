package com.esperr.gateway.server;

import com.esperr.gateway.keys.KeyEntry;

/**
 * Who calls. Immutable.
 *
 * @param key which key was presented
 * @param tenant whose key it is
 * @param flat whether it came as {@code Authorization: Bearer}, which goes with the older, flat shape
 */
record Caller(KeyEntry key, Tenant tenant, boolean flat) {}
