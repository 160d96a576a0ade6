package com.esperr.gateway.policy;

import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.state.StateKey;
import org.jspecify.annotations.Nullable;

/**
 * What came of showing one request to the policies. Immutable.
 *
 * @param decision what is to be done with this request, or null if no policy has an opinion
 * @param key under which the mitigation is kept that is active for the visitor, or null if there is none
 * @param active what is active for the visitor after the analysis, or null
 * @param policies the hash of the policies that were asked
 */
public record Analysis(
        @Nullable Decision decision,
        @Nullable StateKey key,
        @Nullable ActiveMitigation active,
        String policies) {}
