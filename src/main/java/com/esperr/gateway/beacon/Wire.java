package com.esperr.gateway.beacon;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Carries events to Esper in one call. Confined to the publisher's event loop. */
interface Wire {
    /** Sends events; {@code reply} is told the outcome once, possibly before this returns. */
    void send(List<Spooled> events, Reply reply);

    /** Receives the one outcome of a call. */
    interface Reply {
        /** There is an answer. */
        void answered(int status, @Nullable String retryAfter, byte[] body);

        /**
         * There is none.
         *
         * @param stale whether an idle connection had just been closed, so that asking again at once is right
         */
        void failed(String detail, boolean stale);
    }
}
