package com.esperr.gateway.admin;

import java.time.Instant;
import java.util.List;

/** The configuration of a running gateway, and how it is read again. Thread-safe. */
public interface LiveConfig {
    /**
     * How it stands. Immutable.
     *
     * @param hash stands for all keys and values in force
     * @param since when they came into force
     * @param files that are read, the first one includes the others
     * @param restart keys that have other values there, which need a restart
     * @param last what came of reading them last
     */
    record State(String hash, Instant since, List<String> files, List<String> restart, Attempt last) {}

    /**
     * What came of reading it once. Immutable.
     *
     * @param at when
     * @param by who wanted it
     * @param ok whether what was read is in force, but for what needs a restart
     * @param changed keys that have other values than before, and are in force
     * @param restart keys that have other values than what is in force, and need a restart
     * @param problems everything that is wrong, as {@code check} says it
     * @param warnings what is not wrong and may be a mistake, or is not there yet
     */
    record Attempt(
            Instant at,
            String by,
            boolean ok,
            List<String> changed,
            List<String> restart,
            List<String> problems,
            List<String> warnings) {}

    /** How it stands. */
    State state();

    /** Reads it again and puts it in force if nothing is wrong with it; blocks on files. */
    Attempt reload(String by);

    /** Every key in force on a line of its own, with where it comes from; secrets masked. */
    String keys();
}
