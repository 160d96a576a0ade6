package com.esperr.gateway.transport;

import com.esperr.gateway.http.Fields;

/**
 * Receives the one outcome of a call. Exactly one method is called, exactly once, on the event loop that called, possibly
 * before {@link HttpClient#call} has returned. What it throws is logged and goes no farther.
 */
public interface HttpCallback {
    /**
     * The answer is complete.
     *
     * @param status 200 to 999
     * @param body the whole body, the caller's to keep
     */
    void answered(int status, Fields fields, byte[] body);

    /** There is no usable answer. */
    void failed(CallFailure failure);
}
