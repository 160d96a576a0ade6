package com.esperr.gateway.policy;

import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.state.Replicated.Kept;
import com.esperr.gateway.state.StateKey;
import org.jspecify.annotations.Nullable;

/**
 * What came of showing one request to the policies. Immutable.
 *
 * @param decision what is to be done with this request, or null if no policy has an opinion
 * @param key the visitor whose mitigation is active, or null if there is none
 * @param active the mitigation that is active for the visitor after the analysis, and until when, or null
 * @param policies the hash of the policies that were asked
 */
public record Analysis(
        @Nullable Decision decision,
        @Nullable StateKey key,
        @Nullable Kept<ActiveMitigation> active,
        String policies) {}
