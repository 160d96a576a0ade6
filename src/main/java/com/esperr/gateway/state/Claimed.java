package com.esperr.gateway.state;

/** What came of a claim. */
public enum Claimed {
    /** It is the holder's now, and was nobody's before. */
    FRESH,
    /** It was the holder's already. */
    AGAIN,
    /** It is somebody else's. */
    TAKEN
}
