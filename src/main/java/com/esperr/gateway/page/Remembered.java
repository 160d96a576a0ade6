package com.esperr.gateway.page;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What was made of the last text, because those who are many say the same. Thread-safe. */
final class Remembered<T> {
    private final Function<String, T> maker;
    private volatile @Nullable Pair<T> last;

    Remembered(Function<String, T> maker) {
        this.maker = maker;
    }

    private record Pair<T>(String text, T made) {}

    T of(String text) {
        Pair<T> known = last;
        if (known == null || !known.text.equals(text)) {
            known = new Pair<>(text, maker.apply(text));
            last = known;
        }
        return known.made;
    }
}
