package com.esperr.gateway.proxy;

/** How far an exchange is. */
enum Stage {
    /** The request is not understood yet. */
    READING,
    /** It waits: for its body, for what was kept of it, or for an operator. */
    HOLDING,
    /** Somebody is asked what to do with it. */
    DECIDING,
    /** It is kept for later, before its visitor is answered. */
    KEEPING,
    /** The origin has it. */
    FORWARDING,
    /** It is answered, but the rest of it still comes. */
    REPLYING,
    /** It is over. */
    DONE
}
