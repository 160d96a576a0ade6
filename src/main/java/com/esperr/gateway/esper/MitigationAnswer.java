package com.esperr.gateway.esper;

import org.jspecify.annotations.Nullable;

/**
 * A usable answer to one question. Immutable.
 *
 * @param action what is to be done
 * @param redirectUrl where the challenge is: an absolute URL on an allowed host; null for other actions
 * @param decisionId Esper's id of the decision, or null
 * @param reason a sentence for people, or null
 */
public record MitigationAnswer(
        MitigationAction action,
        @Nullable String redirectUrl,
        @Nullable String decisionId,
        @Nullable String reason) {}
