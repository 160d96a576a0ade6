package com.esperr.gateway.rollout;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What an operator can do with a rollout. */
public enum Order {
    /** Go on to the next stage now. */
    NEXT,
    /** Put the new policies in force now. */
    PROMOTE,
    /** Put those before in force now. */
    ABORT,
    /** Begin again with the first stage. */
    AGAIN;

    /** The word for it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The order of that word, or null. */
    public static @Nullable Order of(@Nullable String word) {
        for (Order order : values()) {
            if (order.label().equals(word)) {
                return order;
            }
        }
        return null;
    }
}
