package com.esperr.gateway.config;

import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.List;

/** What one reading of a configuration has found wrong so far. Confined to the thread that reads the configuration. */
final class Reading {
    private final Masking masking;
    private final List<Problem> problems = new ArrayList<>();

    Reading(Masking masking) {
        this.masking = masking;
    }

    List<Problem> problems() {
        return problems;
    }

    void report(Location place, String path, String value, String expectation) {
        problems.add(new Problem(place.toString(), path, masking.shown(path, value), expectation));
    }

    void report(ConfigValue value, String path, String expectation) {
        // The substitution that left no value has been reported already; its consequences are noise.
        if (!Substitutions.isStandIn(value.origin())) {
            report(Location.of(value.origin()), path, Values.shown(value), expectation);
        }
    }

    /** A reading whose problems go nowhere, for what follows from a problem already reported. */
    Reading muted() {
        return new Reading(masking);
    }
}
