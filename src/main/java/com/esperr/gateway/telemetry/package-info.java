/**
 * What is told about finished exchanges: the access log, the metrics, and the composite that keeps one listener's fault
 * from the others; also the level of the gateway's own messages. Starting points: {@code Listeners}, {@code AccessLog},
 * {@code ExchangeMetrics}, {@code Metrics}, {@code MeterName}.
 */
@NullMarked
package com.esperr.gateway.telemetry;

import org.jspecify.annotations.NullMarked;
