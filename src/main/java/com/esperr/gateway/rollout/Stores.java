package com.esperr.gateway.rollout;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.policy.ActiveMitigation;
import com.esperr.gateway.state.Replicated;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

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
        LongSupplier nanos) {
    /** How full they are, and what {@code contest} keeps apart if there is one, as far as it is {@code what}. */
    List<Fill> fills(Bounded what, @Nullable Contest contest) {
        List<Fill> all = new ArrayList<>(contest == null ? List.of() : contest.fills());
        all.add(mitigations.fill(Bounded.ROLLOUT_MITIGATIONS));
        all.add(progress.fill(Bounded.ROLLOUTS));
        all.removeIf(fill -> fill.what() != what);
        return all;
    }
}
