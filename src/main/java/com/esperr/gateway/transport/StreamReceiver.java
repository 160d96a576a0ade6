package com.esperr.gateway.transport;

import com.esperr.gateway.http.Fields;

/**
 * Receives an answer while it arrives: first what kind it is, then its bytes, then that it is over, each on the event loop
 * that called. {@link #ended} comes exactly once and last, unless the stream was cancelled; then nothing comes any more.
 */
public interface StreamReceiver {
    /** The answer has begun. */
    void answered(int status, Fields fields);

    /** More of it has come; the bytes are the receiver's to keep. */
    void received(byte[] piece);

    /** No more will come: it was complete, or broke off, or never began. */
    void ended(String detail);
}
