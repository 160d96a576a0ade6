/**
 * Composition only: which configuration there is, which implementations there are, and how they are put together. No
 * decision about a request is made here. Starting points: {@code Gateway}, {@code GatewayConfig}, {@code Extensions}.
 */
@NullMarked
package com.esperr.gateway.boot;

import org.jspecify.annotations.NullMarked;
