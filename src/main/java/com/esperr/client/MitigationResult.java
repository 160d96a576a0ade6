package com.esperr.client;

import org.jspecify.annotations.Nullable;

/**
 * Esper's decision about one request. Immutable.
 *
 * @param action what to do
 * @param redirectUrl where the challenge is, never null with {@link MitigationAction#Challenge} and null otherwise
 * @param decisionId Esper's id of the decision, or null
 * @param reason a sentence for people, or null
 */
public record MitigationResult(
        MitigationAction action,
        @Nullable String redirectUrl,
        @Nullable String decisionId,
        @Nullable String reason) {}
