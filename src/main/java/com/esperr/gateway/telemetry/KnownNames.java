package com.esperr.gateway.telemetry;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * One meter per name that was known at the start, and one for all others, so that no name that arrives later can add a time
 * series. Immutable.
 */
final class KnownNames<M> {
    /** The label of every name that is not known. */
    static final String OTHER = "other";

    /** Beyond this a scrape costs more than the distinction is worth. */
    private static final int MOST = 1000;

    private final Map<String, M> meters = new HashMap<>();
    private final M other;

    /** Makes the meter of each of the first {@value #MOST} names. */
    KnownNames(Collection<String> names, Function<String, M> maker) {
        this.other = maker.apply(OTHER);
        meters.put(OTHER, other);
        names.stream().distinct().limit(MOST).forEach(name -> meters.computeIfAbsent(name, maker));
    }

    /** The meter for {@code name}. */
    M get(String name) {
        M meter = meters.get(name);
        return meter == null ? other : meter;
    }
}
