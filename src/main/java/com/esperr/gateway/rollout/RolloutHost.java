package com.esperr.gateway.rollout;

import com.esperr.gateway.policy.PolicySet;
import java.util.Map;

/** Puts policies in force and keeps the record of it. Called under the lock of the rollout. */
public interface RolloutHost {
    /**
     * Does it, unless it cannot be recorded; answers whether it has.
     *
     * @param back whether it is done even then
     */
    boolean replace(String set, PolicySet policies, String by, boolean back);

    /** Records what happens to a rollout; answers whether it could. */
    boolean record(String event, String by, Map<String, String> about);
}
