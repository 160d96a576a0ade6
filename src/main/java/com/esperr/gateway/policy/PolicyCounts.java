package com.esperr.gateway.policy;

import java.util.concurrent.atomic.LongAdder;

/** What came of one policy so far. Thread-safe. */
public final class PolicyCounts {
    private final LongAdder matched = new LongAdder();
    private final LongAdder observed = new LongAdder();
    private final LongAdder challenged = new LongAdder();
    private final LongAdder challengesSolved = new LongAdder();
    private final LongAdder blocked = new LongAdder();
    private volatile long lastMatchMillis;

    /** Requests on which it matched, or that met a mitigation which it had ordered. */
    public long matched() {
        return matched.sum();
    }

    /** Requests on which a clause in mode monitor matched. */
    public long observed() {
        return observed.sum();
    }

    /** Requests that it sent to a challenge. */
    public long challenged() {
        return challenged.sum();
    }

    /** Visitors who solved a challenge that it had ordered. */
    public long challengesSolved() {
        return challengesSolved.sum();
    }

    /** Requests that it blocked. */
    public long blocked() {
        return blocked.sum();
    }

    /** When it matched last, epoch milliseconds; 0 if it never has. */
    public long lastMatchMillis() {
        return lastMatchMillis;
    }

    /** A visitor has solved a challenge that this policy ordered. */
    public void challengeSolved() {
        challengesSolved.increment();
    }

    void match(long nowMillis) {
        matched.increment();
        // Written seldom, so that a policy that matches everything does not make all event loops share a cache line.
        if (nowMillis - lastMatchMillis >= 1000) {
            lastMatchMillis = nowMillis;
        }
    }

    void observe() {
        observed.increment();
    }

    void challenge() {
        challenged.increment();
    }

    void block() {
        blocked.increment();
    }
}
