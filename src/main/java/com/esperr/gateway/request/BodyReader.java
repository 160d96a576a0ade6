package com.esperr.gateway.request;

import java.time.Duration;

/** Looks into the beginning of request bodies before the decision. Thread-safe and never blocks. */
public interface BodyReader {
    /** Looks into none. */
    BodyReader NONE = new BodyReader() {
        @Override
        public Interest interest(RequestContext request) {
            return Interest.NONE;
        }

        @Override
        public int limit() {
            return 0;
        }

        @Override
        public long total() {
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

    /** What a body has to do with the decision. */
    enum Interest {
        /** Nothing. */
        NONE,
        /** The decision has to wait for its beginning. */
        READ,
        /** It may hold what is looked for, but in a form that is not read, which the decision has to know. */
        UNREADABLE
    }

    /** Who looks into the body of {@code request}, if there are several. */
    default BodyReader of(RequestContext request) {
        return this;
    }

    /** What the body of {@code request} has to do with the decision on it. */
    Interest interest(RequestContext request);

    /** How many bytes of it at the most. */
    int limit();

    /** How many bytes of all bodies together at the most. */
    long total();

    /** How long it waits for them. */
    Duration timeout();

    /**
     * What is in {@code beginning}.
     *
     * @param partial whether the body goes on behind it
     */
    BodyFields read(RequestContext request, byte[] beginning, boolean partial);
}
