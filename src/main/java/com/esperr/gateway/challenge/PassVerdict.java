package com.esperr.gateway.challenge;

import org.jspecify.annotations.Nullable;

/**
 * What came of looking at a pass. Immutable.
 *
 * @param result what it is worth
 * @param pass what it says, or null if that cannot be believed
 */
record PassVerdict(PassResult result, @Nullable Pass pass) {
    static PassVerdict of(PassResult result) {
        return new PassVerdict(result, null);
    }
}
