package com.esperr.gateway.policy;

/** What a mitigation does with a request that its clause matches. */
enum Mode {
    /** Notes that it matched, and lets the evaluation go on. */
    MONITOR,
    /** Sends the visitor to a challenge. */
    CHALLENGE,
    /** Answers 403. */
    BLOCK
}
