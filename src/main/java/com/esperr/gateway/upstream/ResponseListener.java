package com.esperr.gateway.upstream;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.MessageEnd;
import com.esperr.gateway.http.ResponseHead;
import io.netty.buffer.ByteBuf;

/** Receives what an origin answers to one request. Called on the event loop of the connection. */
public interface ResponseListener {
    /** An interim or the final head. */
    void responseHead(ResponseHead head);

    /** A piece of the body; the receiver takes it. */
    void responseData(ByteBuf data);

    /** The response is complete. */
    void responseEnd(MessageEnd end);

    /** What was read from the network in one go has been delivered; a good moment to flush. */
    void responseReadComplete();

    /** The connection takes more request bytes, or no longer does. */
    void requestWritabilityChanged(boolean writable);

    /**
     * The connection, or the stream, is lost; nothing else will be called.
     *
     * @param loss how far the origin had come
     */
    void upstreamFailed(FailureReason reason, String detail, Loss loss);
}
