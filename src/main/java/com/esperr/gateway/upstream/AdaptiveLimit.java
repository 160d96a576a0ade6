package com.esperr.gateway.upstream;

/**
 * How many requests an origin is best given at once, found out by how long its answers take; confined to whoever closes windows.
 *
 * <p>What an origin does at once it answers at its own pace; what is beyond waits inside it, and every answer takes longer by that. So
 * the limit falls while answers take more than {@code tolerance} times the pace, to as many as are answered within that time, and rises while they do not and the limit is made use
 * of. The pace is learned while there is little to do. Two tests keep it true: if half as many requests are answered no faster,
 * nothing was waiting, and the origin has become slower by itself; and an origin that stays busy is given half of the half, and so
 * on, for a moment every {@value #PROBE_SECONDS} s, until that is so. A pace that was learned from answers that had waited, as at a start
 * under attack, cannot last then.
 */
final class AdaptiveLimit {
    private static final int PROBE_SECONDS = 30;
    private static final long PROBE_NANOS = PROBE_SECONDS * 1_000_000_000L;

    /** How long an origin counts as saturated after it was seen to be. */
    private static final long HOT_NANOS = 3_000_000_000L;

    /** Half as many requests at an origin that is full are answered in half the time, at one that is not in the same. */
    private static final double NO_FASTER = 0.75;

    private static final double LOSS_CUT = 0.9;

    private final SheddingConfig config;
    private double limit;
    private double pace;
    private double markedLevel;
    private double markedMean;
    private boolean probing;
    private boolean hot;
    private long hotUntil;
    private long probeDue;

    AdaptiveLimit(SheddingConfig config) {
        this.config = config;
        this.limit = config.start();
    }

    /** Goes on from what another one had found by {@code now}. */
    void goOn(long now, int foundLimit, double foundPace, boolean saturated) {
        limit = Math.min(config.max(), Math.max(config.min(), foundLimit));
        pace = foundPace;
        probeDue = now + PROBE_NANOS;
        if (saturated) {
            heat(now);
        }
    }

    /** The limit now. */
    int limit() {
        return (int) limit;
    }

    /** How long an answer takes that waits for nothing, in nanoseconds; 0 while nobody knows. */
    double pace() {
        return pace;
    }

    /** How long an answer may take before that is too long; 0 while nobody knows. */
    double tolerated() {
        return pace * config.tolerance();
    }

    /** Whether the origin had lately more to do than it can. */
    boolean saturated(long now) {
        if (hot && now - hotUntil >= 0) {
            hot = false;
        }
        return hot;
    }

    /**
     * A window is over at {@code now}.
     *
     * @param mean time of its answers in nanoseconds
     * @param answered how many there were, at least one
     * @param overloads those of them by which the origin said itself that it has too much to do
     * @param peak most requests that were there at once
     * @param rate answers a nanosecond, also those of requests that began before
     */
    void window(long now, double mean, long answered, long overloads, int peak, double rate) {
        boolean used = peak >= limit / 2;
        if (probing) {
            probe(now, mean, peak);
        } else if (!used) {
            quiet(now, mean, peak);
        } else {
            busy(now, mean, overloads * 10 >= answered, Math.min(limit, peak), rate);
        }
        limit = Math.min(config.max(), Math.max(config.min(), limit));
    }

    /** Requests that began lately are not answered in good time, and as many as may be are there. */
    void late(long now, double rate) {
        heat(now);
        if (!probing && pace > 0) {
            limit = Math.max(config.min(), Math.min(limit, rate * tolerated()));
        }
    }

    /** Nothing was answered for long, and as many requests as may be are there. */
    void stalled(long now) {
        heat(now);
        limit = Math.max(config.min(), limit / 2);
    }

    private void quiet(long now, double mean, int peak) {
        probeDue = now + PROBE_NANOS;
        learn(mean, 0.05);
        unmark();
        limit += (Math.max(config.start(), 2.0 * peak) - limit) * 0.01;
    }

    private void busy(long now, double mean, boolean overloaded, double level, double rate) {
        if (pace == 0) {
            // Nobody knows how much of that was waiting: that is tested as soon as it is seen what so many mean.
            pace = mean;
            probeDue = now;
            return;
        }
        if (mean < pace) {
            learn(mean, 0);
        }
        double excess = mean / tolerated();
        boolean fast = mean <= pace * (1 + config.tolerance()) / 2;
        if (saturated(now) && excess > 0.8) {
            heat(now);
        }
        if (!fast && now - probeDue >= 0) {
            beginProbe(now, mean, level);
        } else if (excess > 1 || overloaded) {
            lower(now, mean, overloaded, level, rate);
        } else {
            unmark();
            limit += fast ? 1 + limit * 0.2 : Math.sqrt(limit) / 4;
        }
    }

    private void lower(long now, double mean, boolean overloaded, double level, double rate) {
        heat(now);
        if (markedMean == 0) {
            mark(mean, level);
        } else if (level <= markedLevel / 2 || limit <= config.min()) {
            if (!overloaded && mean > markedMean * NO_FASTER) {
                pace = mean;
                unmark();
                return;
            }
            mark(mean, level);
        }
        limit = overloaded ? limit * LOSS_CUT : Math.min(limit, rate * tolerated());
    }

    // --- the test of the pace

    private void beginProbe(long now, double mean, double level) {
        heat(now);
        probing = true;
        mark(mean, level);
        limit = level / 2;
    }

    private void probe(long now, double mean, double level) {
        heat(now);
        if (mean <= markedMean * NO_FASTER && limit > config.min()) {
            mark(mean, level);
            limit /= 2;
            return;
        }
        pace = mean;
        // As many as before the last step, with whom it was just busy.
        limit = Math.max(limit, markedLevel);
        probing = false;
        unmark();
        probeDue = now + PROBE_NANOS;
    }

    private void mark(double mean, double level) {
        markedMean = mean;
        markedLevel = level;
    }

    private void unmark() {
        markedMean = 0;
    }

    private void heat(long now) {
        hot = true;
        hotUntil = now + HOT_NANOS;
    }

    private void learn(double mean, double upward) {
        pace = pace == 0 ? mean : pace + (mean - pace) * (mean < pace ? 0.3 : upward);
    }
}
