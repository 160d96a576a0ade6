package com.esperr.gateway.challenge;

import java.util.Locale;

/** What becomes of the proofs that visitors bring back. */
public enum ProofResult {
    /** It counts. */
    VALID,
    /** It does not. */
    INVALID,
    /** Somebody else has shown it before. */
    REPLAYED,
    /** It counts on another site. */
    ELSEWHERE,
    /** Nobody could say. */
    FAILED,
    /** Nobody was asked: no page was asked for, there were several, or only watching is allowed. */
    IGNORED,
    /** Nobody was asked, because its bearer has a pass. */
    SPARED;

    /** The word in metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
