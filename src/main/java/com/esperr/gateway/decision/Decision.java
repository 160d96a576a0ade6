package com.esperr.gateway.decision;

/** What is to be done with one request, and why. Immutable. */
public sealed interface Decision {
    /** Which of the three. */
    Action action();

    /** Who said so and why. */
    Cause cause();

    /** Forward the request. */
    record Allow(Cause cause) implements Decision {
        @Override
        public Action action() {
            return Action.ALLOW;
        }
    }

    /**
     * Send the visitor to a challenge.
     *
     * @param redirectUrl an absolute http(s) URL on an allowed host, or a path on this site
     */
    record Challenge(String redirectUrl, Cause cause) implements Decision {
        @Override
        public Action action() {
            return Action.CHALLENGE;
        }
    }

    /** Answer 403. */
    record Block(Cause cause) implements Decision {
        @Override
        public Action action() {
            return Action.BLOCK;
        }
    }
}
