package com.esperr.gateway.server;

import java.util.Set;

/** What the service does for one path. Thread-safe; called on event loops and never blocks one. */
interface Operation {
    /** The path as the description of the API has it; a last segment in braces stands for any one segment. */
    String path();

    /** The methods that the path takes. */
    Set<String> methods();

    /** Whether a caller needs an API key. */
    boolean keyed();

    /** Whether callers are bouncers of CrowdSec, which bring their key in {@code X-Api-Key} and know one refusal of it. */
    default boolean crowdsec() {
        return false;
    }

    /** Answers: calls {@link ApiCall#reply} or {@link ApiCall#stream} once, now or later, from any thread. */
    void answer(ApiCall call);

    /** The label in metrics and log. */
    default String label() {
        return path();
    }
}
