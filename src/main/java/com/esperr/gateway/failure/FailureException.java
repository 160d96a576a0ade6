package com.esperr.gateway.failure;

/**
 * The one exception that carries a {@link FailureReason} where a value cannot; immutable and without a stack, because an
 * expected failure is data and must stay cheap under attack.
 */
public final class FailureException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final FailureReason reason;

    /** Wraps {@code reason} with a sentence for the log; never shown to a client. */
    public FailureException(FailureReason reason, String detail) {
        super(detail, null, false, false);
        this.reason = reason;
    }

    /** What went wrong. */
    public FailureReason reason() {
        return reason;
    }
}
