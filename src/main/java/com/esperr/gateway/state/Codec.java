package com.esperr.gateway.state;

/** Values as text, for stores outside this process. Thread-safe, never blocks. */
public interface Codec<V> {
    /** The text of {@code value}. */
    String write(V value);

    /**
     * The value of a text that {@link #write} made, perhaps in another version of the gateway.
     *
     * @throws IllegalArgumentException if it cannot be understood
     */
    V read(String text);
}
