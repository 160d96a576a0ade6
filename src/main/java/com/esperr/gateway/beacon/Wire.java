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

        /** There is none. */
        void failed(Silence silence, String detail);
    }

    /** Why there is no answer. */
    enum Silence {
        /** An idle connection had just been closed, so that asking again at once is right. */
        STALE,
        /** Nothing was sent, so that no event can be at fault. */
        UNSENT,
        /** Something was sent. */
        UNANSWERED
    }
}
