package com.esperr.gateway.child;

import com.esperr.gateway.config.Section;
import java.time.Duration;

/**
 * Section {@code exec.stop}. Immutable.
 *
 * @param signal what the application is sent to end it
 * @param toldBy who tells it when this process is told
 * @param timeout how long it may take to end, before it is killed
 * @param within how long everything may take, from the signal to the end of this process
 */
public record StopConfig(String signal, ToldBy toldBy, Duration timeout, Duration within) {
    private static final String SIGNALS = "TERM, INT, QUIT, HUP, USR1 or USR2";

    /** Who tells the application to end when this process is told. */
    public enum ToldBy {
        /** The platform where there is a variable DYNO, else the gateway. */
        AUTO,
        /** The gateway, after the requests that are under way. */
        GATEWAY,
        /** Whoever told this process: all processes are told at the same time. */
        PLATFORM
    }

    static StopConfig read(Section section) {
        return new StopConfig(
                section.parsed("signal", SIGNALS, "TERM", StopConfig::signal),
                section.choice("told-by", ToldBy.class),
                section.duration("timeout", Duration.ZERO, Duration.ofHours(1)),
                section.duration("within", Duration.ofSeconds(1), Duration.ofHours(2)));
    }

    private static String signal(String text) {
        String name = text.startsWith("SIG") ? text.substring(3) : text;
        if (!SIGNALS.matches(".*\\b" + name + "\\b.*") || name.equals("or")) {
            throw new IllegalArgumentException(text);
        }
        return name;
    }

    /** Whether the application is told by somebody else, in a process with the variable DYNO or without. */
    public boolean platformTells(boolean dyno) {
        return toldBy == ToldBy.PLATFORM || (toldBy == ToldBy.AUTO && dyno);
    }

    /** How long requests under way may take, so that there is time left to end the application. */
    public Duration drain(Duration grace, Duration wanted) {
        Duration left = within.minus(timeout).minus(grace);
        Duration most = left.isNegative() ? Duration.ZERO : left;
        return wanted.compareTo(most) > 0 ? most : wanted;
    }
}
