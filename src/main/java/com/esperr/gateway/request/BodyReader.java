package com.esperr.gateway.request;

import java.time.Duration;

/** Looks into the beginning of request bodies before the decision. Thread-safe and never blocks. */
public interface BodyReader {
    /** Looks into none. */
    BodyReader NONE = new BodyReader() {
        @Override
        public boolean wants(RequestContext request) {
            return false;
        }

        @Override
        public int limit() {
            return 0;
        }

        @Override
        public Duration timeout() {
            return Duration.ZERO;
        }

        @Override
        public BodyFields read(RequestContext request, byte[] beginning, boolean partial) {
            return BodyFields.NONE;
        }
    };

    /** Whether the decision on {@code request} has to wait for the beginning of its body. */
    boolean wants(RequestContext request);

    /** How many bytes of it at the most. */
    int limit();

    /** How long it waits for them. */
    Duration timeout();

    /**
     * What is in {@code beginning}.
     *
     * @param partial whether the body goes on behind it
     */
    BodyFields read(RequestContext request, byte[] beginning, boolean partial);
}
