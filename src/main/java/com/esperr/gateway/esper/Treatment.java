package com.esperr.gateway.esper;

/** What is done to a value before it is sent. */
public enum Treatment {
    /** Nothing. */
    AS_IS,
    /** It is replaced by a keyed hash: the same value can be recognised, and not guessed without the key. */
    HASH,
    /** It is not sent at all, which takes back what an included file asks for. */
    DROP
}
