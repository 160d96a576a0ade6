package com.esperr.gateway.exchange;

import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.request.RequestContext;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is worth telling about one finished request. Immutable; may be kept and read by any thread, except that
 * the {@link RequestContext}'s lazily parsed parts must only be read on the event loop that fires the record.
 *
 * @param request the request as it was decided on, or null when its head could not be understood
 * @param reference the short reference id shown to the visitor and written to the log
 * @param peer the address of the connection's other end, as text
 * @param startedAtMillis when the head was received, epoch milliseconds
 * @param timeline when its moments were
 * @param status the status sent to the client, or, when nothing was sent, that of the failure
 * @param outcome how it ended
 * @param decision what was decided, or null when it did not come to that
 * @param enforced whether the decision was carried out; false in mode monitor
 * @param failure what went wrong, or null
 * @param failureDetail one sentence for the log, or null
 * @param upstream the origin's host:port, or null when it was not asked
 * @param upstreamReused whether the connection to the origin had been used before
 * @param upstreamRetried whether the request was sent a second time
 * @param requestBodyBytes body bytes received from the client
 * @param responseBodyBytes body bytes sent to the client
 */
public record ExchangeRecord(
        @Nullable RequestContext request,
        String reference,
        String peer,
        long startedAtMillis,
        Timeline timeline,
        int status,
        Outcome outcome,
        @Nullable Decision decision,
        boolean enforced,
        @Nullable FailureReason failure,
        @Nullable String failureDetail,
        @Nullable String upstream,
        boolean upstreamReused,
        boolean upstreamRetried,
        long requestBodyBytes,
        long responseBodyBytes) {
    /** Nanoseconds from HEAD_RECEIVED to {@code moment}, or -1. */
    public long at(Moment moment) {
        return timeline.at(moment);
    }
}
