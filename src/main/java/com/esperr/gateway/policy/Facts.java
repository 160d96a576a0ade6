package com.esperr.gateway.policy;

import java.util.concurrent.atomic.LongAdder;

/**
 * What the conditions of one policy set need to be evaluated besides the request. Thread-safe.
 *
 * @param slots how many different fields they read
 * @param countries where addresses are
 * @param errors counts the expressions that could not be evaluated
 */
record Facts(int slots, Countries countries, LongAdder errors) {
    /** For conditions that need nothing but {@code slots} fields. */
    static Facts of(int slots) {
        return new Facts(slots, Countries.NONE, new LongAdder());
    }
}
