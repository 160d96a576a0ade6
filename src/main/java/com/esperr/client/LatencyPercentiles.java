package com.esperr.client;

import java.time.Duration;

/**
 * How long calls have taken, with their retries and pauses; calls that were never sent or were cancelled do not count. Immutable.
 *
 * @param count how many
 * @param p50 half of them were not slower
 * @param p90 nine of ten were not slower
 * @param p99 99 of a hundred were not slower
 * @param max the slowest
 */
public record LatencyPercentiles(long count, Duration p50, Duration p90, Duration p99, Duration max) {}
