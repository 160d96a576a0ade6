package com.esperr.gateway.request;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What was found out of texts of User-Agent, of which most requests bring one of few, so that the text is not searched each time.
 * Thread-safe and bounded: a text takes the place of another, and one that is not here, or is long, is searched.
 *
 * @param <V> what is found out: it depends on nothing but the text, and never changes
 */
public final class UserAgentMemory<V> {
    /** A power of two; at most 300 KiB when all are taken. */
    private static final int PLACES = 512;

    /** Browsers and the known bots need half of it. */
    private static final int LONGEST = 512;

    private final AtomicReferenceArray<@Nullable Kept<V>> places = new AtomicReferenceArray<>(PLACES);
    private final Function<String, V> search;

    private record Kept<V>(String text, V found) {}

    /** Nothing yet; {@code search} finds it out. */
    public UserAgentMemory(Function<String, V> search) {
        this.search = search;
    }

    /** What {@code userAgent} says. */
    public V of(String userAgent) {
        if (userAgent.length() > LONGEST) {
            return search.apply(userAgent);
        }
        int hash = userAgent.hashCode();
        int place = (hash ^ hash >>> 16) & (PLACES - 1);
        Kept<V> kept = places.getAcquire(place);
        if (kept != null && kept.text.equals(userAgent)) {
            return kept.found;
        }
        V found = search.apply(userAgent);
        places.setRelease(place, new Kept<>(userAgent, found));
        return found;
    }
}
