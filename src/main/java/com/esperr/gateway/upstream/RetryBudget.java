package com.esperr.gateway.upstream;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * How many requests may be sent again: a share of those that are sent, and a reserve; confined to an event loop but for
 * {@link #spent}. An origin that fails everything is not asked twice as much for that.
 */
final class RetryBudget {
    /** So that others see what is left without the event loop paying for a fence per request. */
    private static final VarHandle LEFT = left();

    private final double share;
    private final double most;

    @SuppressWarnings("FieldMayBeFinal") // Changed through LEFT.
    private double left;

    RetryBudget(RetryConfig config) {
        this.share = config.budget();
        this.most = config.reserve();
        this.left = config.reserve();
    }

    private static VarHandle left() {
        try {
            return MethodHandles.lookup().findVarHandle(RetryBudget.class, "left", double.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** A request is sent for the first time. */
    void request() {
        double now = left;
        double next = Math.min(Math.max(most, 1), now + share);
        if (next != now) {
            LEFT.setOpaque(this, next);
        }
    }

    /** Takes leave to send one again; false if there is none. */
    boolean take() {
        double now = left;
        if (now < 1) {
            return false;
        }
        LEFT.setOpaque(this, now - 1);
        return true;
    }

    /** How many of the tries of the reserve are used up just now, for any thread. */
    long spent() {
        return Math.max(0, (long) (most - (double) LEFT.getOpaque(this)));
    }
}
