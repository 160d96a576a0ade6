package com.esperr.gateway.config;

import java.util.function.UnaryOperator;

/**
 * A short name for one key beside the systematic ones: an environment variable ({@code ESPER_ORIGIN}, {@code PORT}) or,
 * with leading dashes, a command line option ({@code --listen}). Where several variables name one key, the earlier in the
 * caller's list wins. Immutable.
 *
 * @param path the key it sets; empty for a variable that is known but read elsewhere
 * @param rewrite makes the key's value out of the variable's
 */
public record Alias(String name, String path, UnaryOperator<String> rewrite) {

    /** A name whose value is the key's value. */
    public static Alias of(String name, String path) {
        return new Alias(name, path, UnaryOperator.identity());
    }

    /** A name whose value is rewritten first, such as a port that stands for an address. */
    public static Alias of(String name, String path, UnaryOperator<String> rewrite) {
        return new Alias(name, path, rewrite);
    }

    /** A variable that somebody else reads, so that it is not reported as unknown. */
    public static Alias known(String name) {
        return of(name, "");
    }

    boolean isOption() {
        return name.startsWith("-");
    }
}
