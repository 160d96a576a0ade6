package com.esperr.gateway.rollout;

import com.esperr.gateway.policy.ActiveMitigation;
import com.esperr.gateway.state.Replicated;
import java.util.function.LongSupplier;

/**
 * What new policies keep apart from those in force. Immutable.
 *
 * @param mitigations what they have ordered, shared by gateways if they share anything
 * @param progress how far rollouts have come, the same
 * @param maxWindows windows of those that only compare
 * @param maxMitigations and their mitigations
 * @param nanos the clock of windows
 */
public record Stores(
        Replicated<ActiveMitigation> mitigations,
        Replicated<Progress> progress,
        long maxWindows,
        long maxMitigations,
        LongSupplier nanos) {}
