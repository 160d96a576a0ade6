package com.esperr.gateway.proxy;

import com.esperr.gateway.failure.FailureReason;

/** What a relay tells the exchange it works for, and asks it. Called on the event loop. */
interface RelayOwner {
    /** The origin takes the body now, from its first byte; true if the client was told to send it. */
    boolean bodyWanted();

    /** Whether the client has sent its whole request. */
    boolean requestComplete();

    /** Whether the client's connection is to be closed after this exchange. */
    boolean closeAfter();

    /** From now on it is. */
    void closeAfterwards();

    /** The response has been relayed to its end. */
    void relayed();

    /** It could not be. */
    void relayFailed(FailureReason reason, String detail);

    /** A defect of ours got in the way. */
    void failInternally(Throwable defect);
}
