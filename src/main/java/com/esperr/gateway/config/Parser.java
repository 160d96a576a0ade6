package com.esperr.gateway.config;

/**
 * Turns the text of one configured value into what it means, for {@link Section#parsed}. Called while the configuration
 * is read, on the thread that reads it.
 */
@FunctionalInterface
public interface Parser<T> {
    /** Reads the text, or throws when it does not have the promised form. */
    T parse(String text) throws IllegalArgumentException;
}
