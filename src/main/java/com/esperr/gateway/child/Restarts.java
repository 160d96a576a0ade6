package com.esperr.gateway.child;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** How often one process has been started again, and so whether and when it is once more; confined to the thread that runs it. */
final class Restarts {
    private static final int DOUBLINGS = 30;

    private final RestartConfig config;
    private final LongSupplier nanos;
    private final ArrayDeque<Long> recent = new ArrayDeque<>();

    Restarts(RestartConfig config, LongSupplier nanos) {
        this.config = config;
        this.nanos = nanos;
    }

    /** How long to wait before it is started again after it ended with {@code code}, which counts; null for never. */
    @Nullable
    Duration after(int code) {
        boolean wanted = switch (config.policy()) {
            case NEVER -> false;
            case ON_FAILURE -> code != 0;
            case ALWAYS -> true;
        };
        long now = nanos.getAsLong();
        while (!recent.isEmpty() && now - recent.peekFirst() >= config.window().toNanos()) {
            recent.removeFirst();
        }
        if (!wanted || recent.size() >= config.limit()) {
            return null;
        }
        Duration delay = config.delay().multipliedBy(1L << Math.min(recent.size(), DOUBLINGS));
        recent.addLast(now);
        return delay.compareTo(config.maxDelay()) > 0 ? config.maxDelay() : delay;
    }

    /** Whether it was given up although its policy is to start it again. */
    boolean exhausted(int code) {
        return config.policy() == RestartConfig.Policy.ALWAYS
                || (config.policy() == RestartConfig.Policy.ON_FAILURE && code != 0);
    }
}
