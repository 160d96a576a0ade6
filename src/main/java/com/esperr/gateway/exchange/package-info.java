/**
 * The record of one finished request and the listener that is told. Everything that looks at traffic after the fact
 * (access log, metrics, telemetry events) sees only this.
 */
@NullMarked
package com.esperr.gateway.exchange;

import org.jspecify.annotations.NullMarked;
