package com.esperr.gateway.child;

import com.esperr.gateway.config.Section;
import java.time.Duration;

/**
 * Section {@code exec.restart}. Immutable.
 *
 * @param policy when a process that ended is started again
 * @param delay before the first time
 * @param maxDelay before any; it doubles from one time to the next
 * @param limit how often within {@code window}, then it ends for good
 * @param window after which a restart is forgotten
 */
public record RestartConfig(Policy policy, Duration delay, Duration maxDelay, int limit, Duration window) {
    private static final Duration DAY = Duration.ofDays(1);

    /** When a process that ended is started again. */
    public enum Policy {
        /** Never: everything ends with it. */
        NEVER,
        /** If its exit code is not 0, or a signal ended it. */
        ON_FAILURE,
        /** Always. */
        ALWAYS
    }

    static RestartConfig read(Section section) {
        return new RestartConfig(
                section.choice("policy", Policy.class),
                section.duration("delay", Duration.ZERO, DAY),
                section.duration("max-delay", Duration.ZERO, DAY),
                section.integer("limit", 0, 1_000_000),
                section.duration("window", Duration.ofSeconds(1), DAY));
    }

    /** The same with another policy. */
    RestartConfig with(Policy other) {
        return new RestartConfig(other, delay, maxDelay, limit, window);
    }
}
