package com.esperr.gateway.decision;

import com.esperr.gateway.http.LocalReply;
import org.jspecify.annotations.Nullable;

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

    /**
     * Forward nothing: the request is for a path of ours, and this is the answer.
     *
     * @param reply what is sent
     */
    record Reply(LocalReply reply, Cause cause) implements Decision {
        @Override
        public Action action() {
            return Action.ALLOW;
        }
    }

    /**
     * Forward nothing yet: give the visitor a pass and ask for the request again, without the proof it came with.
     *
     * @param location a path and query on this site
     * @param cookie the value of Set-Cookie, or null if the visitor has a pass already
     */
    record Admit(String location, @Nullable String cookie, Cause cause) implements Decision {
        @Override
        public Action action() {
            return Action.ALLOW;
        }
    }
}
