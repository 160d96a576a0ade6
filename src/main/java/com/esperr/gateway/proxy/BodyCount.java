package com.esperr.gateway.proxy;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.BodyLength;
import com.esperr.gateway.http1.BadMessage;
import org.jspecify.annotations.Nullable;

/**
 * How much of a request's body has come on a stream, where frames and not its head tell where it ends: against what the head has
 * declared (RFC 9113 section 8.1.1, RFC 9114 section 4.1.2) and what is allowed. Confined to the event loop of its connection.
 */
final class BodyCount {
    private final long most;
    private long declared = BodyLength.CHUNKED;
    private long received;

    /** At most {@code most} bytes. */
    BodyCount(long most) {
        this.most = most;
    }

    /** The head says how much there is, or that it does not say. */
    void declared(long length) {
        declared = length;
    }

    /** One more piece has come; why it is too much, or null. */
    @Nullable
    BadMessage took(int length) {
        received += length;
        if (declared >= 0 && received > declared) {
            return new BadMessage(
                    FailureReason.AMBIGUOUS_FRAMING,
                    "body: longer than its content-length (expected: " + declared + ")");
        }
        return received > most
                ? new BadMessage(FailureReason.BODY_TOO_LARGE, "body: more than " + most + " bytes (expected: fewer)")
                : null;
    }

    /** No more comes; why it is too little, or null. */
    @Nullable
    BadMessage ended() {
        return declared > received
                ? new BadMessage(
                        FailureReason.AMBIGUOUS_FRAMING,
                        "body: " + received + " bytes, shorter than its content-length (expected: " + declared + ")")
                : null;
    }
}
