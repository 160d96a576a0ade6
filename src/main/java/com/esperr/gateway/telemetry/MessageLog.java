package com.esperr.gateway.telemetry;

import ch.qos.logback.classic.LoggerContext;
import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The gateway's own messages on standard error: where they go stands in {@link MessageLogSetup}, how many there are is said
 * here. Thread-safe.
 */
public final class MessageLog {
    private static @Nullable LogLevels levels;
    private static volatile @Nullable RepeatFilter repeats;
    private static Duration interval = Duration.ZERO;

    private MessageLog() {}

    /** What is said from now on, and how often. */
    public static synchronized void apply(LogConfig config) {
        levels().usual(config.level());
        if (!config.repeatInterval().equals(interval)) {
            limit(config.repeatInterval());
        }
    }

    /** The levels, of which the process has one set. */
    public static synchronized LogLevels levels() {
        LogLevels known = levels;
        if (known == null) {
            known = new LogLevels(context(), System::currentTimeMillis);
            levels = known;
        }
        return known;
    }

    /** How full is what remembers repetitions, which may be exchanged, and what messages wait in. */
    public static List<Fill> fills() {
        List<Fill> all = new ArrayList<>(MessageQueue.fills(context()));
        all.add(levels().fill());
        all.add(Fill.over(Bounded.LOG_REPEATS, MessageLog::repeated));
        return all;
    }

    private static List<Fill> repeated() {
        RepeatFilter now = repeats;
        return now == null ? List.of() : List.of(now.fill());
    }

    /** Writes out what still waits, for a bounded time, and says nothing afterwards; the last step of a shutdown. */
    public static synchronized void close() {
        limit(Duration.ZERO);
        context().stop();
    }

    private static void limit(Duration wanted) {
        RepeatFilter before = repeats;
        interval = wanted;
        repeats = wanted.isZero() ? null : new RepeatFilter(wanted, System::nanoTime).begin();
        if (repeats != null) {
            context().addTurboFilter(repeats);
        }
        if (before != null) {
            context().getTurboFilterList().remove(before);
            before.close();
        }
    }

    private static LoggerContext context() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            return context;
        }
        throw new IllegalStateException("logging library: not Logback (expected: the one in lib)");
    }
}
