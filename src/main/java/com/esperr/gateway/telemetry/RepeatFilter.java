package com.esperr.gateway.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.helpers.MessageFormatter;

/**
 * Says a warning or an error of the same cause once in an interval, and at its end how often it would have been said besides.
 * What fails for every request would else fill the disk, and hide what happens only once. Thread-safe; asked wherever
 * something is logged, and before that is put into words.
 */
final class RepeatFilter extends TurboFilter implements AutoCloseable {
    /** How often one message may be said in an interval when each time it holds something else, such as a reference. */
    static final int VARIANTS = 20;

    /** What is remembered at the most: messages, and their texts in that half of the places which they leave to others. */
    static final int MOST_CAUSES = 1024;

    private static final int MOST_TEXTS = MOST_CAUSES / 2;
    private static final int LONGEST = 256;
    private static final long PAUSE_NANOS = 250_000_000L;
    private static final String SUMMARY = "{} more like it within {} s: {}";
    private static final String ANY = "";

    private final Duration interval;
    private final LongSupplier nanos;
    private final Map<Cause, Count> counts = new ConcurrentHashMap<>();
    private final LongAdder unsaid = new LongAdder();
    private final LongAdder full = new LongAdder();
    private final Thread sweeper;
    private volatile boolean closed;

    /** Which messages are the same. */
    private record Cause(String logger, String format, String detail) {
        /** The same message, whatever it holds. */
        Cause any() {
            return new Cause(logger, format, ANY);
        }

        boolean isAny() {
            return detail.equals(ANY);
        }
    }

    RepeatFilter(Duration interval, LongSupplier nanos) {
        this.interval = interval;
        this.nanos = nanos;
        this.sweeper = new Thread(this::run, "log-repeats");
        sweeper.setDaemon(true);
        setName("repeats");
    }

    /** Sums up by itself, from now on. */
    RepeatFilter begin() {
        start();
        sweeper.start();
        return this;
    }

    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String format,
            Object @Nullable [] values,
            @Nullable Throwable thrown) {
        if (format == null
                || !level.isGreaterOrEqual(Level.WARN)
                || !level.isGreaterOrEqual(logger.getEffectiveLevel())
                || format.equals(SUMMARY)) {
            return FilterReply.NEUTRAL;
        }
        Throwable fault = fault(values, thrown);
        String detail = fault == null ? text(format, values) : place(fault);
        Cause cause = new Cause(logger.getName(), format, detail);
        if (mayBeSaid(cause, fault, logger, level)) {
            return FilterReply.NEUTRAL;
        }
        unsaid.increment();
        return FilterReply.DENY;
    }

    /** How many causes are remembered of those that may be. */
    Fill fill() {
        return Fill.of(Bounded.LOG_REPEATS, counts::size, MOST_CAUSES, full::sum);
    }

    /** How many causes are remembered now. */
    int causes() {
        return counts.size();
    }

    /** How often something was not said, since this filter is there. */
    long unsaid() {
        return unsaid.sum();
    }

    /** Says what was left unsaid in intervals that are over by now. */
    void sweep() {
        long now = nanos.getAsLong();
        counts.forEach((cause, count) -> {
            if (count.until - now <= 0) {
                end(cause, count);
            }
        });
    }

    /** Says what was left unsaid, and lets everything be said from now on. */
    @Override
    public void close() {
        closed = true;
        stop();
        LockSupport.unpark(sweeper);
        counts.forEach(this::end);
    }

    private boolean mayBeSaid(Cause cause, @Nullable Throwable fault, Logger logger, Level level) {
        Boolean again = again(cause);
        if (again != null) {
            return again;
        }
        // The message first: a text that is not said must not take a place that another message needs.
        if (!counted(cause.any(), fault, logger, level, VARIANTS)) {
            return false;
        }
        return counted(cause, fault, logger, level, 1);
    }

    /** Whether what is remembered may be said now; null if it is not, or its interval was ended just now. */
    private @Nullable Boolean again(Cause cause) {
        Count count = counts.get(cause);
        if (count == null) {
            return null;
        }
        long before = count.seen();
        if (before >= 0) {
            return before < count.allowed;
        }
        counts.remove(cause, count);
        return null;
    }

    /** Whether it may be said now, which is remembered if there is room. */
    private boolean counted(Cause cause, @Nullable Throwable fault, Logger logger, Level level, int allowed) {
        while (!closed && remember(cause, fault, logger, level, allowed)) {
            Boolean again = again(cause);
            if (again != null) {
                return again;
            }
        }
        // So many different messages come only from many different places: each of them is kept short by itself.
        return true;
    }

    /** One at a time, so that there are never more than there may be; what is new is rare. */
    private synchronized boolean remember(
            Cause cause, @Nullable Throwable fault, Logger logger, Level level, int allowed) {
        int most = cause.isAny() ? MOST_CAUSES : MOST_TEXTS;
        if (!counts.containsKey(cause)) {
            if (counts.size() >= most) {
                full.increment();
                return false;
            }
            counts.put(
                    cause,
                    new Count(logger, level, shown(cause, fault), nanos.getAsLong() + interval.toNanos(), allowed));
        }
        return true;
    }

    private void end(Cause cause, Count count) {
        long unsaid = count.end();
        counts.remove(cause, count);
        if (unsaid <= 0) {
            return;
        }
        if (count.level.isGreaterOrEqual(Level.ERROR)) {
            count.logger.error(SUMMARY, unsaid, seconds(), count.text);
        } else {
            count.logger.warn(SUMMARY, unsaid, seconds(), count.text);
        }
    }

    private Object seconds() {
        long millis = interval.toMillis();
        return millis % 1000 == 0 ? (Object) (millis / 1000) : (Object) (millis / 1000.0);
    }

    private static String shown(Cause cause, @Nullable Throwable fault) {
        if (cause.isAny()) {
            return cause.format;
        }
        return fault == null ? cause.detail : cause.format + " | " + cause.detail;
    }

    private static @Nullable Throwable fault(Object @Nullable [] values, @Nullable Throwable thrown) {
        if (thrown != null || values == null || values.length == 0) {
            return thrown;
        }
        return values[values.length - 1] instanceof Throwable last ? last : null;
    }

    /** Where a fault comes from: what it says can be another text each time. */
    private static String place(Throwable fault) {
        StackTraceElement[] trace = fault.getStackTrace();
        return fault.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
    }

    private static String text(String format, Object @Nullable [] values) {
        String text = values == null ? format : MessageFormatter.basicArrayFormat(format, values);
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }

    private void run() {
        while (!closed) {
            LockSupport.parkNanos(this, Math.min(PAUSE_NANOS, interval.toNanos()));
            sweep();
        }
    }

    /** How often one cause has come up in its interval. Thread-safe. */
    private static final class Count {
        private final Logger logger;
        private final Level level;
        private final String text;
        private final long until;
        private final int allowed;
        private final AtomicLong seen = new AtomicLong();

        Count(Logger logger, Level level, String text, long until, int allowed) {
            this.logger = logger;
            this.level = level;
            this.text = text;
            this.until = until;
            this.allowed = allowed;
        }

        /** How often it came up before this time; negative if the interval has been ended. */
        long seen() {
            return seen.getAndUpdate(before -> before < 0 ? before : before + 1);
        }

        /** Ends the interval; how often it was not said. */
        long end() {
            return seen.getAndSet(-1) - allowed;
        }
    }
}
