/**
 * What proxies that ask us about their requests say, and are told (external authorization): the ways in which nginx, Traefik,
 * Caddy, HAProxy and Envoy describe a request, and the messages of Envoy's gRPC service. Without Netty. Starting points:
 * {@code Profile}, {@code OriginalRequest}, {@code CheckRequest}.
 */
@NullMarked
package com.esperr.gateway.authz;

import org.jspecify.annotations.NullMarked;
