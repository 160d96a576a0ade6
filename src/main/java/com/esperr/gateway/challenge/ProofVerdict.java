package com.esperr.gateway.challenge;

import java.util.Locale;

/** What came of looking at a proof. Immutable. */
public sealed interface ProofVerdict {
    /** It counts. */
    record Valid(Proof proof) implements ProofVerdict {}

    /**
     * Nobody knows whether it was shown before.
     *
     * @param detail a sentence for the log
     */
    record Unknowable(String detail) implements ProofVerdict {}

    /** It does not. */
    enum Invalid implements ProofVerdict {
        /** Not made here, or changed on the way, or another tenant's: nobody is told which. */
        UNKNOWN,
        /** It was one. */
        EXPIRED,
        /** It has been shown before, and may be shown once. */
        USED;

        /** The word in answers and metrics. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
