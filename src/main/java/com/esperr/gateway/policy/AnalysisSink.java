package com.esperr.gateway.policy;

import com.esperr.gateway.failure.FailureReason;

/**
 * Receives the one outcome of an analysis. Exactly one method is called, exactly once, on the thread that asked, possibly
 * before the call that asked has returned.
 */
public interface AnalysisSink {
    /** The policies were asked to the end. */
    void analysed(Analysis analysis);

    /** The analysis failed; {@code reason} has side DECISION. */
    void failed(FailureReason reason, String detail);
}
