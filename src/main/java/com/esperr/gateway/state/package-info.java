/**
 * State that outlives a request: rolling counts per key, as an interface and its implementation in memory. Everything
 * here is bounded, keyed by hashes instead of what visitors sent, and given the time by its caller. Starting points:
 * {@code Windows}, {@code MemoryWindows}.
 */
@NullMarked
package com.esperr.gateway.state;

import org.jspecify.annotations.NullMarked;
