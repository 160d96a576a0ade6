package com.esperr.client;

/** What Esper wants done with a request. The names are Esper's. */
public enum MitigationAction {
    /** Serve it; also what {@code monitor}, {@code observe} and no mitigation at all mean. */
    Allow,
    /** Refuse it. */
    Block,
    /** Send the visitor to {@link MitigationResult#redirectUrl()}. */
    Challenge
}
