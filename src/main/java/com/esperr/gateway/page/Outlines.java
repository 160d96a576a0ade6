package com.esperr.gateway.page;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The outlines of one look, each made when it is asked for first. Thread-safe, and bounded: what is beyond is made again each time. */
final class Outlines {
    /** More than there are of those that decisions ask for, so that what visitors bring about displaces none; with the largest logo 5 MB each. */
    private static final int MOST = 64;

    private final Function<Key, Outline> maker;
    private final ConcurrentHashMap<Key, Outline> decided = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Key, Outline> others = new ConcurrentHashMap<>();

    Outlines(Function<Key, Outline> maker) {
        this.maker = maker;
    }

    /**
     * What an outline depends on.
     *
     * @param linked whether its reader is shown where he can go on
     */
    record Key(Notice what, int status, Language language, boolean linked) {
        // Those of a record took three of a hundred samples of the Java code of a block.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key
                    && what == key.what
                    && status == key.status
                    && language == key.language
                    && linked == key.linked;
        }

        @Override
        public int hashCode() {
            return (status * 31 + what.mark().hashCode()) * 31 + language.tag().hashCode();
        }
    }

    Outline of(Key key) {
        ConcurrentHashMap<Key, Outline> made = key.what().mitigated() == null ? others : decided;
        Outline known = made.get(key);
        if (known == null) {
            known = maker.apply(key);
            if (made.size() < MOST) {
                made.put(key, known);
            }
        }
        return known;
    }
}
