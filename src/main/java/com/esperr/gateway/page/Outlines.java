package com.esperr.gateway.page;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The outlines of one look, each made when it is asked for first. Thread-safe, and bounded: what is beyond is made again each time. */
final class Outlines {
    /** Far more than are in use: half a megabyte, with the largest logo three. */
    private static final int MOST = 64;

    private final Function<Key, Outline> maker;
    private final ConcurrentHashMap<Key, Outline> made = new ConcurrentHashMap<>();

    Outlines(Function<Key, Outline> maker) {
        this.maker = maker;
    }

    /**
     * What an outline depends on.
     *
     * @param linked whether its reader is shown where he can go on
     */
    record Key(Notice what, int status, Language language, boolean linked) {}

    Outline of(Key key) {
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
