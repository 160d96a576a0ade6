package com.esperr.gateway.upstream;

/**
 * How many requests may be sent again: a share of those that are sent, and a reserve; confined to an event loop. An origin
 * that fails everything is not asked twice as much for that.
 */
final class RetryBudget {
    private final double share;
    private final double most;
    private double left;

    RetryBudget(RetryConfig config) {
        this.share = config.budget();
        this.most = config.reserve();
        this.left = config.reserve();
    }

    /** A request is sent for the first time. */
    void request() {
        left = Math.min(Math.max(most, 1), left + share);
    }

    /** Takes leave to send one again; false if there is none. */
    boolean take() {
        if (left < 1) {
            return false;
        }
        left--;
        return true;
    }
}
