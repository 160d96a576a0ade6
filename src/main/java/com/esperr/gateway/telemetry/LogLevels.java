package com.esperr.gateway.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The levels of loggers: what {@code log.level} says, and over it what an operator has changed by hand, which outlasts a reload
 * and ends with the process. Thread-safe.
 */
public final class LogLevels {
    /** How many loggers may be changed by hand. */
    public static final int MOST = 64;

    private static final String OWN = "com.esperr.gateway";
    private static final Pattern WORD = Pattern.compile("[a-z0-9]{1,40}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_$][A-Za-z0-9_$.-]{0,199}");

    private final LoggerContext context;
    private final LongSupplier millis;
    private final Map<String, Change> changes = new TreeMap<>();
    private final LongAdder refused = new LongAdder();
    private LogLevel usual = LogLevel.INFO;

    /** What was changed by hand: from which level, by whom and when. */
    private record Change(@Nullable Level before, String by, Instant since) {}

    /**
     * A logger with a level of its own.
     *
     * @param name its name
     * @param level the word of its level
     * @param by who changed it, or null if it was configured so
     * @param since when it was changed, or null
     */
    public record Shown(
            String name,
            String level,
            @Nullable String by,
            @Nullable Instant since) {}

    LogLevels(LoggerContext context, LongSupplier millis) {
        this.context = context;
        this.millis = millis;
    }

    /** The logger that {@code word} means: a package of the gateway, {@code gateway}, {@code root}, or a whole name. */
    public static String logger(String word) {
        if (word.equals("root")) {
            return org.slf4j.Logger.ROOT_LOGGER_NAME;
        }
        if (word.equals("gateway")) {
            return OWN;
        }
        if (WORD.matcher(word).matches()) {
            return OWN + '.' + word;
        }
        if (!NAME.matcher(word).matches()) {
            throw new IllegalArgumentException("name: " + shown(word)
                    + " (expected: a package of the gateway such as cloud, gateway, root, or a logger's whole name)");
        }
        return word;
    }

    /** The level that {@code word} means. */
    static Level level(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "error" -> Level.ERROR;
            case "warn" -> Level.WARN;
            case "info" -> Level.INFO;
            case "debug" -> Level.DEBUG;
            case "trace" -> Level.TRACE;
            case "off" -> Level.OFF;
            default ->
                throw new IllegalArgumentException(
                        "level: " + shown(word) + " (expected: error, warn, info, debug, trace or off)");
        };
    }

    /** Whether the logger of that name may be given that level; says what is wrong with it otherwise. */
    public synchronized void check(String name, String level) {
        var unused = level(level);
        if (!changes.containsKey(name) && changes.size() >= MOST) {
            refused.increment();
            throw new IllegalArgumentException(
                    "name: " + MOST + " loggers are changed already (expected: one of them taken back first)");
        }
    }

    /** Gives the logger {@code name} that level, as {@code by} wants it. */
    public synchronized void change(String name, String level, String by) {
        check(name, level);
        Logger logger = context.getLogger(name);
        Change known = changes.get(name);
        changes.put(
                name,
                new Change(
                        known == null ? logger.getLevel() : known.before,
                        by,
                        Instant.ofEpochMilli(millis.getAsLong())));
        logger.setLevel(level(level));
    }

    Fill fill() {
        return Fill.of(Bounded.LOG_LEVELS, this::changes, MOST, refused::sum);
    }

    /** Whether the level of the logger {@code name} was changed by hand. */
    public synchronized boolean changed(String name) {
        return changes.containsKey(name);
    }

    /** Takes back what was changed about the logger {@code name}; whether anything was. */
    public synchronized boolean takeBack(String name) {
        Change change = changes.remove(name);
        if (change != null) {
            context.getLogger(name).setLevel(change.before);
        }
        return change != null;
    }

    /** What {@code log.level} says. */
    public synchronized LogLevel usual() {
        return usual;
    }

    /** How many loggers are changed by hand. */
    public synchronized int changes() {
        return changes.size();
    }

    /** The loggers that have levels of their own, by name. */
    public synchronized List<Shown> list() {
        List<Shown> all = new ArrayList<>();
        for (Logger logger : context.getLoggerList()) {
            Level level = logger.getLevel();
            Change change = changes.get(logger.getName());
            if (level != null) {
                all.add(new Shown(
                        logger.getName(),
                        level.toString().toLowerCase(Locale.ROOT),
                        change == null ? null : change.by,
                        change == null ? null : change.since));
            }
        }
        return all;
    }

    /** From now on {@code log.level} says {@code level}; what was changed by hand stays. */
    synchronized void usual(LogLevel level) {
        usual = level;
        usual(org.slf4j.Logger.ROOT_LOGGER_NAME, level.libraries());
        usual(OWN, level.own());
    }

    private void usual(String name, Level level) {
        Change change = changes.get(name);
        if (change == null) {
            context.getLogger(name).setLevel(level);
        } else {
            changes.put(name, new Change(level, change.by, change.since));
        }
    }

    private static String shown(String word) {
        return word.length() <= 80 ? word : word.substring(0, 80) + "...";
    }
}
