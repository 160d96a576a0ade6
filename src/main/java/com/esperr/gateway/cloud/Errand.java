package com.esperr.gateway.cloud;

import com.esperr.gateway.failure.FailureException;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.transport.BodyWriter;
import com.esperr.gateway.transport.PreparedCall;

/** What one call to the service is made for; confined to the event loop that makes it. */
interface Errand extends BodyWriter {
    /** The call without its body. */
    PreparedCall prepared();

    /** Whether the service takes a repeated call for the same one. */
    boolean idempotent();

    /** Whether an answer with {@code status} is for {@link #read}. */
    boolean answers(int status);

    /**
     * Reads the answer.
     *
     * @return tells whoever waits for it
     * @throws FailureException with a reason of side DECISION if it is none
     */
    Runnable read(int status, Fields fields, byte[] body);

    /** There is no answer; called once, instead of what {@link #read} returns. */
    void failed(FailureReason reason, String detail);
}
