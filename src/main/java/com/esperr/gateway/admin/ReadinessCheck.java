package com.esperr.gateway.admin;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One thing that must be in order before visitors should come. Thread-safe if its supplier is, which must not block.
 *
 * @param name the word in the answer, e.g. {@code origin}
 * @param trouble null if it is in order, else one sentence on what is wrong
 */
public record ReadinessCheck(String name, Supplier<@Nullable String> trouble) {
    /** Null if it is in order, else what is wrong; a check that fails is itself the trouble. */
    public @Nullable String ask() {
        try {
            return trouble.get();
        } catch (RuntimeException fault) {
            return "the check failed: " + fault;
        }
    }
}
