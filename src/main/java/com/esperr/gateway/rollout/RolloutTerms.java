package com.esperr.gateway.rollout;

import com.esperr.gateway.policy.PolicyEngine;
import com.esperr.gateway.policy.SitePolicies;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What a rollout works with. Immutable.
 *
 * @param lock held while policies are replaced
 * @param engines who decides now
 * @param tuning on which terms the engine of a set does
 * @param stores what new policies keep apart
 * @param host who puts policies in force
 * @param millis the clock
 */
public record RolloutTerms(
        Object lock,
        Supplier<SitePolicies> engines,
        Function<String, PolicyEngine.Terms> tuning,
        Stores stores,
        RolloutHost host,
        LongSupplier millis) {}
